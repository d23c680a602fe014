package dev.sallyport.deploy;

import dev.sallyport.config.SallyportConfig;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Creates and compares Kafka's topics, and tells who may do what with them. */
@Command(
        name = "topics",
        description = "Creates or compares the topics in Kafka, and prints or gives rights to them.",
        subcommands = TopicsRightsCommand.class)
final class TopicsCommand {

    @ParentCommand
    private Sallyport program;

    @Command(description = "Creates the topics that are missing; changes none that is there.")
    int apply() {
        List<String> created = with(admin -> admin.apply(plans()));
        created.forEach(name -> program.out().println("created " + name));
        program.out().println(created.size() + " topics created.");
        return check();
    }

    @Command(description = "Compares the topics with what this version needs; exit code 1 if they differ.")
    int check() {
        List<String> differences = with(admin -> admin.differences(plans()));
        differences.forEach(program.out()::println);
        if (differences.isEmpty()) {
            program.out().println("All topics are as they should be.");
        }
        return differences.isEmpty() ? 0 : 1;
    }

    private List<TopicPlan> plans() {
        SallyportConfig config = program.settings();
        return TopicPlan.all(Addresses.replication(config), config.kafka().smsPartitions());
    }

    Sallyport program() {
        return program;
    }

    <T> T with(Function<TopicAdmin, T> work) {
        SallyportConfig config = program.settings();
        try (TopicAdmin admin =
                new TopicAdmin(Addresses.kafka(config), config.kafka().properties())) {
            return work.apply(admin);
        }
    }
}
