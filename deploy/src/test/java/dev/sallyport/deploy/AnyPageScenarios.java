package dev.sallyport.deploy;

import static dev.sallyport.deploy.Visit.expect;
import static dev.sallyport.deploy.Visit.expectRedirect;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows that hold for every page that there is. */
final class AnyPageScenarios {

    private static final List<String> OPEN_TO_NOBODY =
            List.of("/", "/sign-up", "/verify-tfa", "/verify-tfa/resend", "/logout");

    private AnyPageScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("GET *", visit -> {
            visit.withPhone();
            SiteClient nobody = visit.newBrowser();
            visit.signIn();
            SiteClient inside = visit.newBrowser();
            inside.submit("/sign-up", Visit.form("inside-" + visit.person.name));
            return () -> {
                for (String path : paths(visit, "GET")) {
                    for (SiteClient browser : List.of(nobody, visit.person.browser, inside)) {
                        int status = browser.open(path).statusCode();
                        assertTrue(List.of(200, 204, 303, 403, 404).contains(status), path + " " + status);
                    }
                }
            };
        });
        all.put("POST *: without the form's own token", visit -> {
            visit.signUp();
            return () -> {
                for (String path : paths(visit, "POST")) {
                    expect(403, visit.person.browser.post(path, "x", "token", "271828"));
                }
            };
        });
        all.put("POST *: nobody is signed in where somebody must be", visit -> () -> {
            SiteClient nobody = visit.newBrowser();
            String csrf = nobody.csrf("/");
            for (String path : paths(visit, "POST")) {
                if (!OPEN_TO_NOBODY.contains(path)) {
                    expectRedirect("/", nobody.post(path, csrf, "token", "271828", "phone_number", visit.person.phone));
                }
            }
        });
        all.put("POST *: the password was typed too long ago for what is asked", visit -> {
            visit.signUp();
            visit.site.clock().advance(Duration.ofMinutes(5));
            String csrf = visit.person.browser.csrf("/logout");
            return () -> {
                for (String path : paths(visit, "POST")) {
                    if (changesFactors(path)) {
                        HttpResponse<String> asked = visit.person.browser.post(path, csrf, "token", "271828");
                        expect(303, asked);
                        assertTrue(SiteClient.location(asked).startsWith("/confirm-password?"), path);
                    }
                }
            };
        });
        all.put("POST *: a factor is to be changed in a session that passed one door, where there are two", visit -> {
            visit.signUp();
            SiteClient early = visit.newBrowser();
            expectRedirect("/user", early.submit("/", "username", visit.person.name, "password", Person.PASSWORD));
            visit.bindApp();
            String csrf = early.csrf("/logout");
            return () -> {
                for (String path : paths(visit, "POST")) {
                    if (changesFactors(path)) {
                        expect(403, early.post(path, csrf, "token", "271828", "phone_number", visit.person.phone));
                    }
                }
            };
        });
        return all;
    }

    private static boolean changesFactors(String path) {
        return path.matches("/(en|dis)able-.*");
    }

    private static List<String> paths(Visit visit, String method) {
        return visit.site.platform().routeTable().stream()
                .filter(route -> route.startsWith(method + " "))
                .map(route -> route.substring(method.length() + 1))
                .toList();
    }
}
