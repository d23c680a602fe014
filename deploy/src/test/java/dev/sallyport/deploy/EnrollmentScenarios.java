package dev.sallyport.deploy;

import static dev.sallyport.deploy.Visit.expect;
import static dev.sallyport.deploy.Visit.expectRedirect;
import static org.junit.jupiter.api.Assertions.assertTrue;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.sallyport.totp.TotpSecret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rows of sign-up, factors and import. */
final class EnrollmentScenarios {

    private static final String APP = "/enable-tfa-via-app";
    private static final String SMS = "/enable-tfa-via-sms";

    /** These need the broker to be away. */
    static final Map<String, Scenario> WITHOUT_KAFKA = Map.of(
            "POST /enable-tfa-via-sms: number accepted, and Kafka is away",
            visit -> {
                visit.signUp();
                return () -> expect(503, askForText(visit));
            },
            "POST /enable-tfa-via-sms/resend: Kafka is away",
            visit -> {
                bindingPhone(visit);
                visit.site.clock().advance(Duration.ofSeconds(30));
                return () -> expect(503, resend(visit));
            });

    private EnrollmentScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        signUps(all);
        apps(all);
        phones(all);
        resends(all);
        removals(all);
        sessions(all);
        imports(all);
        signOuts(all);
        return all;
    }

    private static void signUps(Map<String, Scenario> all) {
        all.put("POST /sign-up: account made", visit -> visit::signUp);
        all.put("POST /sign-up: name is taken", visit -> {
            visit.signUp();
            return () -> expect(409, newBrowserSignsUp(visit));
        });
        all.put("POST /sign-up: told ten times in an hour that a name is taken", visit -> {
            visit.signUp();
            for (int i = 0; i < 10; i++) {
                expect(409, newBrowserSignsUp(visit));
            }
            return () -> expect(429, newBrowserSignsUp(visit));
        });
        all.put("POST /sign-up: name or password unfit", visit -> () -> {
            String name = visit.person.name;
            String weak = visit.secret("correct");
            SiteClient browser = visit.newBrowser();
            expect(422, browser.submit("/sign-up", Visit.form("x")));
            expect(422, browser.submit("/sign-up", "username", name, "password1", weak, "password2", weak));
            expect(
                    422,
                    browser.submit("/sign-up", "username", name, "password1", Person.PASSWORD, "password2", "other"));
        });
    }

    private static HttpResponse<String> newBrowserSignsUp(Visit visit) {
        return visit.newBrowser().submit("/sign-up", Visit.form(visit.person.name));
    }

    private static void apps(Map<String, Scenario> all) {
        all.put("POST /enable-tfa-via-app: right code", visit -> {
            visit.signUp();
            TotpSecret key = visit.pendingKey();
            return () -> expectRedirect("/user?changed", proveApp(visit, visit.code(key)));
        });
        all.put("POST /enable-tfa-via-app: wrong code", visit -> {
            visit.signUp();
            TotpSecret key = visit.pendingKey();
            return () -> expect(422, proveApp(visit, visit.wrongCode(key)));
        });
        all.put("POST /enable-tfa-via-app: not six digits", visit -> {
            visit.signUp();
            visit.pendingKey();
            return () -> expect(422, proveApp(visit, "12345"));
        });
        all.put("POST /enable-tfa-via-app: nothing is being bound", visit -> {
            visit.signUp();
            return () -> expectRedirect(APP, visit.person.browser.submitFrom("/logout", APP, "token", "271828"));
        });
    }

    private static HttpResponse<String> proveApp(Visit visit, String code) {
        return visit.person.browser.submit(APP, "token", code);
    }

    private static void phones(Map<String, Scenario> all) {
        all.put("POST /enable-tfa-via-sms: number accepted", visit -> {
            visit.signUp();
            return () -> expectRedirect(SMS, askForText(visit));
        });
        all.put("POST /enable-tfa-via-sms: number accepted, and too many messages went unanswered", visit -> {
            visit.signUp();
            for (int i = 0; i < 10; i++) {
                expectRedirect(SMS, askForText(visit));
            }
            return () -> expect(429, askForText(visit));
        });
        all.put("POST /enable-tfa-via-sms: number refused", visit -> {
            visit.signUp();
            return () -> {
                expect(422, visit.person.browser.submit(SMS, "phone_number", "12345"));
                expect(422, visit.person.browser.submit(SMS, "phone_number", "+44 7911 123456"));
            };
        });
        all.put("POST /enable-tfa-via-sms: right code", visit -> {
            String code = bindingPhone(visit);
            return () -> expectRedirect("/user?changed", provePhone(visit, code));
        });
        all.put("POST /enable-tfa-via-sms: wrong code", visit -> {
            String code = bindingPhone(visit);
            return () -> expect(422, provePhone(visit, code.equals("271828") ? "314159" : "271828"));
        });
        all.put("POST /enable-tfa-via-sms: right code, too late", visit -> {
            String code = bindingPhone(visit);
            visit.site.clock().advance(Duration.ofMinutes(4));
            expect(303, visit.person.browser.submit("/confirm-password", "password", Person.PASSWORD));
            visit.site.clock().advance(Duration.ofMinutes(1));
            return () -> expect(422, provePhone(visit, code));
        });
        all.put("POST /enable-tfa-via-sms: not six digits", visit -> {
            bindingPhone(visit);
            return () -> expect(422, provePhone(visit, "12345"));
        });
        all.put("POST /enable-tfa-via-sms: nothing is being bound", visit -> {
            visit.signUp();
            return () -> expectRedirect(SMS, provePhone(visit, "271828"));
        });
    }

    private static HttpResponse<String> askForText(Visit visit) {
        return visit.person.browser.submit(SMS, "phone_number", visit.person.phone);
    }

    private static HttpResponse<String> provePhone(Visit visit, String code) {
        return visit.person.browser.submit(SMS, "token", code);
    }

    private static String bindingPhone(Visit visit) throws InterruptedException {
        visit.signUp();
        expect(303, askForText(visit));
        return visit.textedCode(1);
    }

    private static void resends(Map<String, Scenario> all) {
        all.put("POST /enable-tfa-via-sms/resend: message ordered", visit -> {
            bindingPhone(visit);
            visit.site.clock().advance(Duration.ofSeconds(30));
            return () -> expectRedirect(SMS, resend(visit));
        });
        all.put("POST /enable-tfa-via-sms/resend: too early", visit -> {
            bindingPhone(visit);
            return () -> expect(429, resend(visit));
        });
        all.put("POST /enable-tfa-via-sms/resend: too many messages went unanswered", visit -> {
            visit.signUp();
            for (int i = 0; i < 10; i++) {
                expectRedirect(SMS, askForText(visit));
            }
            visit.site.clock().advance(Duration.ofSeconds(30));
            return () -> expect(429, resend(visit));
        });
        all.put("POST /enable-tfa-via-sms/resend: nothing is being bound", visit -> {
            visit.signUp();
            return () -> expectRedirect(SMS, resend(visit));
        });
    }

    private static HttpResponse<String> resend(Visit visit) {
        return visit.person.browser.submitFrom(SMS, SMS + "/resend");
    }

    private static void removals(Map<String, Scenario> all) {
        all.put("POST /disable-tfa-via-app: removed", visit -> {
            visit.signUp();
            visit.bindApp();
            return () -> expectRedirect("/user?changed", remove(visit, "app"));
        });
        all.put("POST /disable-tfa-via-app: not there", visit -> {
            visit.signUp();
            return () -> expect(409, remove(visit, "app"));
        });
        all.put("POST /disable-tfa-via-sms: removed", visit -> {
            visit.signUp();
            visit.bindPhone();
            return () -> expectRedirect("/user?changed", remove(visit, "sms"));
        });
        all.put("POST /disable-tfa-via-sms: not there", visit -> {
            visit.signUp();
            return () -> expect(409, remove(visit, "sms"));
        });
    }

    private static void sessions(Map<String, Scenario> all) {
        all.put("POST /user/sessions/end: another session of the same person", visit -> {
            visit.signUp();
            SiteClient other = visit.inAnotherBrowser();
            String handle = visit.person.otherSessions().getFirst();
            return () -> {
                expectRedirect("/user/sessions?ended", visit.person.endSession(handle));
                expectRedirect("/?ended", other.get("/user"));
            };
        });
        all.put("POST /user/sessions/end: there is none of that name, or it is this one", visit -> {
            visit.signUp();
            String own = visit.person.otherSessions(visit.inAnotherBrowser()).getFirst();
            return () -> {
                expect(303, visit.person.endSession(own));
                expect(303, visit.person.endSession("no such name"));
                expect(303, visit.person.endSession(""));
                expect(200, visit.person.browser.get("/user"));
            };
        });
        all.put("POST /user/sessions/end-others: there was one other", visit -> {
            visit.signUp();
            SiteClient other = visit.inAnotherBrowser();
            return () -> {
                expectRedirect("/user/sessions?all-ended", endOthers(visit));
                expectRedirect("/?ended", other.get("/user"));
                expect(200, visit.person.browser.get("/user"));
            };
        });
        all.put("POST /user/sessions/end-others: there were none", visit -> {
            visit.signUp();
            return () -> expectRedirect("/user/sessions?all-ended", endOthers(visit));
        });
    }

    private static HttpResponse<String> endOthers(Visit visit) {
        return visit.person.browser.submitFrom("/logout", "/user/sessions/end-others");
    }

    private static void signOuts(Map<String, Scenario> all) {
        all.put("./sallyport users sign-out: somebody who is signed in at one place", visit -> {
            visit.signUp();
            return () -> {
                assertTrue(visit.signOutByOperator(visit.person.name).contains("1 session"));
                expectRedirect("/?ended", visit.person.browser.get("/user"));
            };
        });
        all.put(
                "./sallyport users sign-out: somebody who is signed in nowhere, or a name without an account",
                visit -> {
                    visit.signUp();
                    expect(303, visit.person.signOut());
                    return () -> {
                        assertTrue(visit.signOutByOperator(visit.person.name).contains("0 sessions"));
                        assertTrue(visit.signOutByOperator("nobody-" + visit.person.name)
                                .contains("no account"));
                    };
                });
    }

    /** For a site where a second factor is required. */
    static Scenario lastOneIsKept() {
        return visit -> {
            visit.signUp();
            visit.bindApp();
            return () -> expect(409, remove(visit, "app"));
        };
    }

    private static HttpResponse<String> remove(Visit visit, String factor) {
        return visit.person.browser.submitFrom("/logout", "/disable-tfa-via-" + factor);
    }

    private static void imports(Map<String, Scenario> all) {
        String fields = "\"password_hash\":\"" + BCrypt.withDefaults().hashToString(4, Person.PASSWORD.toCharArray())
                + "\",\"totp_enabled_via_app\":true,\"totp_secret\":\"JBSWY3DPEHPK3PXP\"";
        all.put("./sallyport users import: a line added", visit -> () -> {
            visit.secret("JBSWY3DPEHPK3PXP");
            String phone = ",\"totp_enabled_via_sms\":true,\"phone_number\":\"" + visit.person.phone + "\"";
            String told = visit.importLine(fields + phone);
            assertTrue(told.contains("1 imported"), told);
        });
        all.put("./sallyport users import: a bad line, or one that was added before", visit -> {
            visit.importLine(fields);
            return () -> {
                String before = visit.importLine(fields);
                assertTrue(before.contains("1 were there already"), before);
                String bad = visit.importLine("\"password_hash\":\"no hash\"");
                assertTrue(bad.contains("1 bad"), bad);
            };
        });
    }
}
