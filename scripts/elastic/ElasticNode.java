import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One real Elasticsearch node on loopback: {@code ElasticNode OWNER HOME FOLDER [setting=value ...]}.
 *
 * <p>HOME holds modules and is never written; FOLDER is the node's own. The node ends when the process OWNER does,
 * however that ends; 0 means that nobody owns it.
 */
public class ElasticNode {
    public static void main(String[] args) throws Exception {
        endWith(Long.parseLong(args[0]));
        LogConfigurator.configureESLogging();
        LogConfigurator.configureWithoutConfig(Settings.EMPTY);
        Settings.Builder settings = Settings.builder()
            .put("path.home", args[1])
            .put("path.data", Path.of(args[2], "data").toString())
            .put("path.logs", Path.of(args[2], "logs").toString())
            .put("network.host", "127.0.0.1")
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
        for (int i = 3; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Environment environment = new Environment(settings.build(), Path.of(args[2], "config"));
        LogConfigurator.setNodeName(environment.settings().get("node.name", "node"));
        // The last argument keeps the server off the module path: plugins see it through the class path.
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), true),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir(), true),
            Map.of(), false);
        new Node(environment, plugins).start();
        new CountDownLatch(1).await();
    }

    private static void endWith(long owner) {
        if (owner != 0) {
            ProcessHandle.of(owner).ifPresentOrElse(
                process -> process.onExit().thenRun(() -> Runtime.getRuntime().halt(1)),
                () -> Runtime.getRuntime().halt(1));
        }
    }
}
