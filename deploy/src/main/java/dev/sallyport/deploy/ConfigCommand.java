package dev.sallyport.deploy;

import dev.sallyport.config.ConfigFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows what is configured. */
@Command(name = "config", description = "Shows the configuration as it is read; secrets as •••.")
final class ConfigCommand implements Runnable {

    @ParentCommand
    private Sallyport program;

    @Option(names = "--table", description = "Shows the table of all settings instead, in Markdown.")
    private boolean table;

    @Override
    public void run() {
        program.out().print(table ? ConfigFiles.table() : ConfigFiles.effective(program.config()));
        program.out().flush();
    }
}
