package dev.sallyport.deploy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house rules that a compiler can't hold. */
@AnalyzeClasses(packages = "dev.sallyport", importOptions = ArchitectureTest.ProductOnly.class)
class ArchitectureTest {

    /** Leaves out test classes, also those that modules share as test jars. */
    static final class ProductOnly implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }

    private static final String[] ADAPTERS = {
        "dev.sallyport..mongo..",
        "dev.sallyport..kafka..",
        "dev.sallyport..ocsf..",
        "dev.sallyport..sodium..",
        "dev.sallyport..twilio..",
        "dev.sallyport..webhook..",
        "dev.sallyport.dispatch.callback.http..",
        "dev.sallyport.authz.http..",
        "dev.sallyport.seal.file.."
    };
    private static final String[] WEB = {"dev.sallyport.web.."};
    private static final String COMPOSITION = "dev.sallyport.deploy..";

    private static final DescribedPredicate<JavaClass> CORE = resideInAPackage("dev.sallyport..")
            .and(not(resideInAnyPackage(ADAPTERS)))
            .and(not(resideInAnyPackage(WEB)))
            .and(not(resideInAPackage(COMPOSITION)))
            .and(not(DescribedPredicate.describe("doors", type -> type.getName().matches(".*(Routes|Guard)(\\$.*)?"))))
            .as("core classes");

    @ArchTest
    static final ArchRule coreClassesKnowNoVertxAndNoDriver = noClasses()
            .that(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "com.mongodb..", "org.apache.kafka..", "com.twilio..");

    @ArchTest
    static final ArchRule loginKnowsNoSibling = noClasses()
            .that()
            .resideInAPackage("dev.sallyport.login..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sallyport.enrollment..", "dev.sallyport.dispatch..");

    @ArchTest
    static final ArchRule forwardAuthKnowsNoDoor = noClasses()
            .that()
            .resideInAPackage("dev.sallyport.authz..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sallyport.login..", "dev.sallyport.enrollment..", "dev.sallyport.dispatch..");

    @ArchTest
    static final ArchRule enrollmentKnowsNoSibling = noClasses()
            .that()
            .resideInAPackage("dev.sallyport.enrollment..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sallyport.login..", "dev.sallyport.dispatch..");

    @ArchTest
    static final ArchRule theDispatcherKnowsNoSiblingAndNoStore = noClasses()
            .that()
            .resideInAPackage("dev.sallyport.dispatch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sallyport.login..",
                    "dev.sallyport.authz..",
                    "dev.sallyport.enrollment..",
                    "dev.sallyport..mongo..",
                    "com.mongodb..");

    @ArchTest
    static final ArchRule theSealerKnowsNoSiblingAndNoStore = noClasses()
            .that()
            .resideInAPackage("dev.sallyport.seal..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sallyport.login..",
                    "dev.sallyport.authz..",
                    "dev.sallyport.enrollment..",
                    "dev.sallyport.dispatch..",
                    "dev.sallyport..mongo..",
                    "com.mongodb..");

    @ArchTest
    static final ArchRule nobodyButTheCompositionKnowsTheSealer = noClasses()
            .that(resideInAPackage("dev.sallyport..").and(not(resideInAnyPackage(COMPOSITION, "dev.sallyport.seal.."))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sallyport.seal..");

    @ArchTest
    static final ArchRule storesAreNamedOnlyByTheComposition = noClasses()
            .that(resideInAPackage("dev.sallyport..")
                    .and(not(resideInAnyPackage(COMPOSITION, "dev.sallyport..mongo.."))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sallyport..mongo..");

    @ArchTest
    static final ArchRule onlyAdaptersAndTheWebToolkitWait = noClasses()
            .that(resideInAPackage("dev.sallyport..")
                    .and(not(resideInAnyPackage(ADAPTERS)))
                    .and(not(resideInAnyPackage(WEB)))
                    .and(not(resideInAPackage(COMPOSITION))))
            .should()
            .callMethod(io.vertx.core.Future.class, "await", io.vertx.core.Future.class)
            .orShould()
            .callMethod(io.vertx.core.Future.class, "await");

    @ArchTest
    static final ArchRule timeComesInThroughConstructors = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.time.LocalDateTime.class, "now")
            .orShould()
            .callMethod(java.time.LocalDate.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callConstructor(java.util.Date.class);

    @ArchTest
    static final ArchRule randomnessIsSecure = noClasses()
            .should()
            .callConstructor(java.util.Random.class)
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule theEnvironmentIsReadInOnePlace = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.sallyport.deploy.Sallyport")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.sallyport.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesSayWhatThingsAre = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager");

    @ArchTest
    static final ArchRule flowsAreFinal = classes()
            .that()
            .haveSimpleNameEndingWith("Flow")
            .should()
            .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);
}
