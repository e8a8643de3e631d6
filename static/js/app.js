// Niceties only: every page works without this file; words come from the page.
(() => {
  const root = document.documentElement, $ = (s, el = document) => el.querySelector(s), on = addEventListener;
  const say = (t) => { const live = $('#live'); live.textContent = ''; setTimeout(() => { live.textContent = t; }, 50); };
  const free = (f) => { delete f.dataset.sent; f.querySelectorAll('[aria-disabled]').forEach((b) => b.removeAttribute('aria-disabled')); };

  on('submit', (e) => {
    const f = e.target;
    if (f.matches('[data-theme-form]')) { // switch at once; the form's own POST makes the server remember
      e.preventDefault();
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      const body = new FormData(f);
      body.set('theme', root.dataset.theme = dark ? 'light' : 'dark');
      fetch(f.action, { method: 'POST', body, redirect: 'manual' }).catch(() => {});
    } else if (f.method === 'post' && !e.defaultPrevented) { // a second press is not a second order
      if (f.dataset.sent) return e.preventDefault();
      f.dataset.sent = 1;
      e.submitter?.setAttribute('aria-disabled', 'true');
      setTimeout(() => free(f), 8000);
    }
  });
  on('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(free));
  on('input', (e) => {
    const out = e.target.type === 'range' && $(`output[for="${e.target.id}"]`);
    if (out) out.value = e.target.value;
  });
  on('keydown', (e) => {
    if (e.key !== 'Escape') return;
    const d = $('details.menu[open], details.switch[open]');
    if (d) { d.open = false; $('summary', d).focus(); }
    else if (location.hash === '#filters') { location.hash = '#results'; $('a[href="#filters"]')?.focus(); }
  });

  let held, line, timer;
  const busy = (e, yes) => {
    clearTimeout(timer); line?.remove();
    e.detail.target?.toggleAttribute('aria-busy', false);
    if (!yes) return;
    e.detail.target.setAttribute('aria-busy', 'true');
    timer = setTimeout(() => { line = document.createElement('div'); line.className = 'progress-line'; document.body.append(line); }, 300);
  };
  on('htmx:beforeRequest', (e) => busy(e, true));
  on('htmx:afterRequest', (e) => busy(e));
  on('htmx:beforeSwap', (e) => { held = e.detail.target.contains(document.activeElement); });
  on('htmx:afterSettle', (e) => {
    const part = e.detail.elt, said = part.closest('[data-announce]') || $('[data-announce]', part);
    if (said) say(said.dataset.announce);
    if (held && document.activeElement === document.body) ($('[autofocus], [tabindex="-1"]', part) || part).focus();
    held = false;
  });
  const fail = (id) => {
    const words = $('#' + id).content.cloneNode(true);
    say(words.textContent.trim());
    $('#notices').replaceChildren(words);
  };
  on('htmx:responseError', (e) => (e.detail.xhr.status === 401 ? location.reload() : fail('failed')));
  on('htmx:sendError', () => fail('offline'));
})();
