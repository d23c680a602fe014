package dev.sallyport.deploy;

import static dev.sallyport.deploy.Visit.expect;
import static dev.sallyport.deploy.Visit.expectRedirect;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.sallyport.totp.TotpSecret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rows of the doors. */
final class LoginScenarios {

    /** These need the broker to be away. */
    static final Map<String, Scenario> WITHOUT_KAFKA = Map.of(
            "POST /: the same, and Kafka is away",
            visit -> {
                visit.withPhone();
                return () -> expectRedirect("/verify-tfa", visit.person.signIn());
            },
            "POST /verify-tfa/resend: Kafka is away",
            visit -> {
                visit.betweenDoorsWithPhone();
                visit.site.clock().advance(Duration.ofSeconds(30));
                return () -> expect(503, resend(visit));
            });

    private LoginScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        passwords(all);
        codes(all);
        refusedCodes(all);
        resends(all);
        confirmations(all);
        all.put("POST /logout: somebody was signed in", visit -> {
            visit.signUp();
            return () -> expectRedirect("/?signed-out", visit.person.signOut());
        });
        all.put(
                "POST /logout: nobody was",
                visit -> () -> expectRedirect("/?signed-out", visit.newBrowser().submitFrom("/", "/logout")));
        return all;
    }

    private static void passwords(Map<String, Scenario> all) {
        all.put("POST /: right password, no second factor", visit -> {
            visit.signUp();
            expect(303, visit.person.signOut());
            return () -> expectRedirect("/user", visit.person.signIn());
        });
        all.put("POST /: right password, imported or outdated hash", visit -> {
            String hash = BCrypt.withDefaults().hashToString(4, Person.PASSWORD.toCharArray());
            visit.importLine("\"password_hash\":\"" + hash + "\"");
            return () -> expectRedirect("/user", visit.person.signIn());
        });
        all.put("POST /: right password, app bound", visit -> {
            visit.withApp();
            return () -> expectRedirect("/verify-tfa", visit.person.signIn());
        });
        all.put("POST /: right password, phone and no app", visit -> {
            visit.withPhone();
            return () -> expectRedirect("/verify-tfa", visit.person.signIn());
        });
        all.put("POST /: the same, and too many messages went unanswered", visit -> {
            visit.withPhone();
            visit.leaveUnanswered(10);
            return () -> expectRedirect("/verify-tfa", visit.person.signIn());
        });
        all.put("POST /: the same, and the phone is locked", visit -> {
            visit.withPhone();
            visit.refuseTexts(100);
            visit.move();
            return () -> expectRedirect("/verify-tfa", visit.person.signIn());
        });
        all.put("POST /: wrong password", visit -> {
            visit.signUp();
            return () -> expect(401, wrongPassword(visit));
        });
        all.put("POST /: name without an account", visit -> () -> expect(401, visit.person.signIn()));
        all.put("POST /: too many failures", visit -> {
            visit.signUp();
            for (int i = 0; i < 5; i++) {
                expect(401, wrongPassword(visit));
            }
            return () -> expect(429, newBrowserSignsIn(visit, Person.PASSWORD));
        });
    }

    private static HttpResponse<String> wrongPassword(Visit visit) {
        return newBrowserSignsIn(visit, visit.secret("a password of somebody else"));
    }

    private static HttpResponse<String> newBrowserSignsIn(Visit visit, String password) {
        return visit.newBrowser().submit("/", "username", visit.person.name, "password", password);
    }

    private static void codes(Map<String, Scenario> all) {
        all.put("POST /verify-tfa: right code of the app", visit -> {
            TotpSecret key = visit.withApp();
            visit.signIn();
            return () -> expectRedirect("/user", visit.person.enter(visit.code(key)));
        });
        all.put("POST /verify-tfa: right code of a text message", visit -> {
            String code = visit.betweenDoorsWithPhone();
            return () -> expectRedirect("/user", visit.person.enter(code));
        });
        all.put("POST /verify-tfa: not six digits", visit -> {
            visit.withApp();
            visit.signIn();
            return () -> {
                expect(401, visit.person.enter("12345"));
                expect(401, visit.person.enter(""));
            };
        });
        all.put("POST /verify-tfa: no challenge, or one that is over", visit -> {
            String code = visit.betweenDoorsWithPhone();
            String csrf = visit.person.browser.csrf("/verify-tfa");
            return () -> {
                expect(401, visit.newBrowser().submitFrom("/", "/verify-tfa", "token", code));
                visit.site.clock().advance(Duration.ofMinutes(15));
                expect(401, visit.person.browser.post("/verify-tfa", csrf, "token", code));
            };
        });
    }

    private static void refusedCodes(Map<String, Scenario> all) {
        all.put("POST /verify-tfa: wrong code", visit -> {
            TotpSecret key = visit.withApp();
            visit.signIn();
            return () -> expect(401, visit.person.enter(visit.wrongCode(key)));
        });
        all.put("POST /verify-tfa: the 100th wrong code in a row", visit -> {
            visit.withPhone();
            visit.refuseTexts(99);
            return visit::wrongText;
        });
        all.put("POST /verify-tfa: right code of a text message, too late", visit -> {
            String code = visit.betweenDoorsWithPhone();
            visit.site.clock().advance(Duration.ofMinutes(5));
            return () -> expect(401, visit.person.enter(code));
        });
        all.put("POST /verify-tfa: code of the app that was used before", visit -> {
            TotpSecret key = visit.withApp();
            visit.signIn();
            String code = visit.code(key);
            expectRedirect("/user", visit.person.enter(code));
            expect(303, visit.person.signOut());
            visit.signIn();
            return () -> expect(401, visit.person.enter(code));
        });
        all.put("POST /verify-tfa: a code for a locked app, at a strange place", visit -> {
            TotpSecret key = visit.withApp();
            visit.refuseApp(key, 100);
            visit.move();
            visit.signIn();
            return () -> expect(401, visit.person.enter(visit.code(key)));
        });
        all.put("POST /verify-tfa: too many failures", visit -> {
            visit.betweenDoorsWithPhone();
            for (int i = 0; i < 5; i++) {
                visit.wrongText();
            }
            String code = visit.nextText();
            return () -> expect(429, visit.person.enter(code));
        });
    }

    private static void resends(Map<String, Scenario> all) {
        all.put("POST /verify-tfa/resend: message ordered", visit -> {
            visit.betweenDoorsWithPhone();
            visit.site.clock().advance(Duration.ofSeconds(30));
            return () -> expectRedirect("/verify-tfa", resend(visit));
        });
        all.put("POST /verify-tfa/resend: too early", visit -> {
            visit.betweenDoorsWithPhone();
            return () -> expect(429, resend(visit));
        });
        all.put("POST /verify-tfa/resend: after the fourth message", visit -> {
            visit.betweenDoorsWithPhone();
            for (int wait : new int[] {30, 60, 120}) {
                visit.site.clock().advance(Duration.ofSeconds(wait));
                expect(303, resend(visit));
            }
            visit.site.clock().advance(Duration.ofMinutes(10));
            return () -> expect(429, resend(visit));
        });
        all.put("POST /verify-tfa/resend: too many messages went unanswered", visit -> {
            visit.withPhone();
            visit.leaveUnanswered(10);
            visit.site.clock().advance(Duration.ofSeconds(30));
            return () -> expect(429, resend(visit));
        });
        all.put("POST /verify-tfa/resend: no phone that takes codes", visit -> {
            visit.withApp();
            visit.signIn();
            return () -> expect(409, resend(visit));
        });
    }

    private static HttpResponse<String> resend(Visit visit) {
        return visit.person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend");
    }

    private static void confirmations(Map<String, Scenario> all) {
        all.put("POST /confirm-password: right password", visit -> {
            visit.signUp();
            return () -> expectRedirect("/user", confirm(visit, Person.PASSWORD));
        });
        all.put("POST /confirm-password: wrong password", visit -> {
            visit.signUp();
            return () -> expect(401, confirm(visit, "a password of somebody else"));
        });
        all.put("POST /confirm-password: too many failures", visit -> {
            visit.signUp();
            for (int i = 0; i < 5; i++) {
                expect(401, confirm(visit, "a password of somebody else"));
            }
            return () -> expect(429, confirm(visit, Person.PASSWORD));
        });
    }

    private static HttpResponse<String> confirm(Visit visit, String password) {
        return visit.person.browser.submit("/confirm-password", "password", password);
    }
}
