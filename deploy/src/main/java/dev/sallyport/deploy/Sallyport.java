package dev.sallyport.deploy;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.Role;
import dev.sallyport.config.ConfigFiles;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.KeyRotation;
import dev.sallyport.crypto.Keyset;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program: runs roles, or one of the operators' commands. The one place that reads the environment. */
@Command(
        name = "sallyport",
        description = "Two-factor authentication for web sites. Without a command it runs the roles of this process.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        subcommands = {
            UpCommand.class,
            KeysCommand.class,
            TopicsCommand.class,
            SmsCommand.class,
            UsersCommand.class,
            AuditCommand.class,
            ConfigCommand.class,
            ClusterCommand.class,
            ServerCommand.class
        })
public final class Sallyport implements Runnable {

    /** Commands that run until they are stopped, and log meanwhile. */
    private static final Set<String> RUNS_ON = Set.of("up", "server");

    @Option(
            names = "--roles",
            scope = ScopeType.INHERIT,
            description = "Roles of this process, separated by commas: login, enrollment, sms-dispatcher,"
                    + " audit-sealer. Default: SALLYPORT_ROLES, or all.")
    private String roles = "";

    private final Map<String, String> environment;
    private final PrintWriter out;

    Sallyport(Map<String, String> environment, PrintWriter out) {
        this.environment = Map.copyOf(environment);
        this.out = out;
    }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(arguments, System.getenv(), out, err));
    }

    /** Runs a command; the exit code is 0 for done, 1 for a problem that was told in words, 2 for wrong usage. */
    static int run(String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        CommandLine commandLine = new CommandLine(new Sallyport(environment, out))
                .setOut(out)
                .setErr(err)
                .setExecutionStrategy(parsed -> {
                    quieten(parsed);
                    return new CommandLine.RunLast().execute(parsed);
                })
                .registerConverter(Role.class, inWords(Role::of))
                .registerConverter(Moment.class, inWords(text -> Moment.parse(text, Clock.systemUTC())))
                .registerConverter(Keyset.class, inWords(Keyset::of))
                .registerConverter(KeyRotation.Stage.class, inWords(KeyRotation.Stage::of))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof ExpectedFailure expected) {
                        err.println("sallyport: " + expected.getMessage());
                    } else {
                        err.println("sallyport: this is a mistake in the program; please report it.");
                        failure.printStackTrace(err);
                    }
                    return CommandLine.ExitCode.SOFTWARE;
                });
        return commandLine.execute(arguments);
    }

    /** The reason alone, where the library would put the exception's class around it. */
    private static <T> CommandLine.ITypeConverter<T> inWords(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        };
    }

    /** Operators' commands say all in sentences of their own; what a library warns of beside them helps nobody. */
    private static void quieten(CommandLine.ParseResult parsed) {
        if (parsed.hasSubcommand()
                && !RUNS_ON.contains(parsed.subcommand().commandSpec().name())) {
            System.setProperty("sallyport.log.least", "ERROR");
        }
    }

    @Override
    public void run() {
        UpCommand.runUntilStopped(this);
    }

    Map<String, String> environment() {
        return environment;
    }

    PrintWriter out() {
        return out;
    }

    /**
     * What a process that runs roles needs.
     *
     * @throws dev.sallyport.config.ConfigProblems listing everything that is wrong
     */
    SallyportConfig config() {
        return ConfigFiles.read(all(), Path.of(""));
    }

    /**
     * The same without the rules between settings, for commands that use few of them.
     *
     * @throws dev.sallyport.config.ConfigProblems listing everything that is wrong
     */
    SallyportConfig settings() {
        return ConfigFiles.readSettings(all(), Path.of(""));
    }

    private Map<String, String> all() {
        Map<String, String> all = new HashMap<>(environment);
        if (!roles.isEmpty()) {
            all.put("SALLYPORT_ROLES", roles);
        }
        return all;
    }
}
