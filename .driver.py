import sys,os,traceback,pathlib,tempfile,importlib,shutil
sys.path.insert(0,'/tmp/g4')
from playwright.sync_api import sync_playwright, expect
from tests import live
from tests.browser import acting, stage, conftest
G={'acting':acting,'steps':stage,'expect':expect,'importlib':importlib}
box=pathlib.Path('/tmp/g4box'); shutil.rmtree(box,ignore_errors=True); box.mkdir()
import time
with sync_playwright() as p:
    b=p.chromium.launch(executable_path=shutil.which('chromium'),args=['--no-sandbox'])
    folder=pathlib.Path(tempfile.mkdtemp())
    settings=conftest.settings_in(folder)
    with live.serving(settings) as address:
        G.update(chromium=b,address=address,settings=settings,folder=folder)
        print('ready',address,flush=True)
        n=0
        while not (box/'stop').exists():
            f=box/f'{n}.py'
            if not f.exists(): time.sleep(.2); continue
            time.sleep(.2)
            t=time.monotonic()
            try:
                exec(compile(f.read_text(),f.name,'exec'),G); out='OK'
            except BaseException: out=traceback.format_exc()[-3500:]
            (box/f'{n}.out').write_text(f'{out}\n{time.monotonic()-t:.1f} s\n')
            n+=1
