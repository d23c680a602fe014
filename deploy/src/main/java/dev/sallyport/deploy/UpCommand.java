package dev.sallyport.deploy;

import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Runs the roles of this process until it is told to stop. */
@Command(name = "up", description = "Runs the platform; with nothing configured all of it, on embedded servers.")
final class UpCommand implements Runnable {

    @ParentCommand
    private Sallyport program;

    @Option(
            names = "--until-ready",
            description = "Stops once everything works: to try a configuration, or to record a start for later ones.")
    private boolean untilReady;

    @Override
    public void run() {
        if (untilReady) {
            Platform.start(program.config(), Clock.systemUTC()).stop();
        } else {
            runUntilStopped(program);
        }
    }

    static void runUntilStopped(Sallyport program) {
        Platform platform = Platform.start(program.config(), Clock.systemUTC());
        awaitStop(platform.greeting(), platform::leave, program);
    }

    /** Greets, and does not return before this process was told to stop and what it runs has stopped. */
    static void awaitStop(String greeting, Runnable stop, Sallyport program) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.run();
                            stopped.countDown();
                        },
                        "stop"));
        program.out().println(greeting);
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
