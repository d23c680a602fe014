package dev.sallyport.web;

import dev.sallyport.sms.news.MessageState;
import dev.sallyport.web.NewsWords.Ways;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every page in every state in which a person can meet it. */
public final class PageStates {

    /** One page as one person meets it. */
    public record State(String name, String page, Map<String, Object> context) {

        @Override
        public String toString() {
            return page + " (" + name + ")";
        }
    }

    static final String ASSETS = "/assets/1a2b3c4d/";

    private static final String MASKED = "+1 ••• ••• ••12";
    private static final Map<String, Object> APP = Map.of("since", "3 May 2026");
    private static final Map<String, Object> PHONE =
            Map.of("masked", MASKED, "since", "12 June 2026", "disabled", false);
    private static final Map<String, Object> DISABLED_PHONE =
            Map.of("masked", MASKED, "since", "12 June 2026", "disabled", true);
    private static final Map<String, Object> WAIT = Map.of("waitSeconds", 28, "closed", false, "first", false);
    private static final Map<String, Object> READY = Map.of("waitSeconds", 0, "closed", false, "first", false);
    private static final Map<String, Object> CLOSED = Map.of("waitSeconds", 0, "closed", true, "first", false);
    private static final Map<String, Object> FIRST = Map.of("waitSeconds", 0, "closed", false, "first", true);
    private static final String LONG_NAME = "a.very.long.name.that.goes.on".repeat(8) + "@mail.example.org";
    private static final String LONG_HOST =
            "the-knowledge-of-the-whole-company-in-one-place.internal.applications.example.com:8443";
    private static final String LONG_BRAND = "Donaudampfschifffahrtsgesellschaftskapitänskajütenverwaltung";
    private static final String TROUBLE = "That code is not the one we sent. 3 tries are left.";

    private static final Ways TEXT_ONLY = new Ways(true, false, false);
    private static final Ways WITH_APP = new Ways(true, true, false);
    private static final Ways ENDED = new Ways(false, false, false);
    private static final Ways BINDING = new Ways(true, false, true);

    private final List<State> states = new ArrayList<>();

    /** All of them, in an order of their own. */
    public static List<State> all() {
        var all = new PageStates();
        all.signIn();
        all.signUp();
        all.verify();
        all.news();
        all.account();
        all.sessions();
        all.app();
        all.phone();
        all.rest();
        all.phoneScreen();
        return List.copyOf(all.states);
    }

    /** Keys and values in turn, on top of what every page gets. */
    static Map<String, Object> context(Object... more) {
        var context = new HashMap<String, Object>(
                Map.of("brand", "Example Bank", "csrf", "csrf-token-1", "assets", ASSETS, "phoneScreen", false));
        for (int i = 0; i < more.length; i += 2) {
            context.put((String) more[i], more[i + 1]);
        }
        return context;
    }

    private void add(String page, String name, Object... context) {
        states.add(new State(name, page, context(context)));
    }

    private void addSignedIn(String page, String name, Object... context) {
        var whole = context(context);
        whole.putIfAbsent("signedIn", "anna.example");
        states.add(new State(name, page, whole));
    }

    private void signIn() {
        add("sign-in", "fresh");
        add("sign-in", "signed out", "notice", "You are signed out.");
        add("sign-in", "try-out", "phoneScreen", true);
        add(
                "sign-in",
                "refused",
                "username",
                "anna.example",
                "problem",
                "User name or password is wrong.",
                "invalid",
                true);
        add("sign-in", "long name", "username", LONG_NAME, "problem", "User name or password is wrong.");
        add("sign-in", "on the way", "site", "wiki.example.com");
        add("sign-in", "on the way, again", "site", LONG_HOST, "again", true);
        add("sign-in", "long brand", "brand", LONG_BRAND, "phoneScreen", true);
    }

    private void signUp() {
        add("sign-up", "fresh", "minimum", 15);
        add("sign-up", "taken", "minimum", 8, "username", "anna", "usernameProblem", "This name is taken.");
        add(
                "sign-up",
                "common",
                "minimum",
                15,
                "username",
                "anna",
                "passwordProblem",
                "This password is on a list of leaked passwords. Choose another.",
                "repeatProblem",
                "The two passwords differ.");
        add("sign-up", "differ", "minimum", 15, "username", "anna", "repeatProblem", "The two passwords differ.");
        add("sign-up", "throttled", "minimum", 15, "problem", "Too many tries from here. Wait ten minutes.");
    }

    private void verify() {
        add("verify-tfa", "app", "app", true);
        add(
                "verify-tfa",
                "app refused",
                "app",
                true,
                "problem",
                "This code was already used. Wait for the next one.",
                "invalid",
                true);
        add("verify-tfa", "long brand", "app", true, "brand", LONG_BRAND);
        add("verify-tfa", "app and phone", "app", true, "phone", MASKED, "codeMinutes", 5, "resend", FIRST);
        add(
                "verify-tfa",
                "both sent",
                "app",
                true,
                "phone",
                MASKED,
                "sent",
                true,
                "codeMinutes",
                5,
                "news",
                news(MessageState.ON_ITS_WAY, WITH_APP),
                "resend",
                WAIT,
                "phoneScreen",
                true);
        sent("waiting", MessageState.ON_ITS_WAY, TEXT_ONLY, WAIT);
        add(
                "verify-tfa",
                "too old",
                "phone",
                MASKED,
                "sent",
                true,
                "news",
                news(MessageState.DELIVERED, TEXT_ONLY),
                "resend",
                READY,
                "problem",
                TROUBLE,
                "invalid",
                true);
        sent("again", MessageState.DELIVERED, TEXT_ONLY, READY);
        add(
                "verify-tfa",
                "closed",
                "phone",
                MASKED,
                "sent",
                true,
                "codeMinutes",
                5,
                "news",
                news(MessageState.DELAYED, ENDED),
                "resend",
                CLOSED,
                "problem",
                TROUBLE,
                "invalid",
                true);
        add("verify-tfa", "not sent", "phone", MASKED, "resend", READY);
        add("verify-tfa", "not sent again", "phone", MASKED, "resend", READY, "problem", "It could not be sent.");
        add("verify-tfa", "phone off", "phone", MASKED, "phoneDisabled", true, "closed", true);
        add("verify-tfa", "phone off, app", "app", true, "phone", MASKED, "phoneDisabled", true);
    }

    /** What became of the message, each with what else such a person can do. */
    private void news() {
        sent("delivered", MessageState.DELIVERED, TEXT_ONLY, WAIT);
        sent("delayed", MessageState.DELAYED, TEXT_ONLY, WAIT);
        sent("delayed, app", MessageState.DELAYED, WITH_APP, WAIT, "app", true);
        sent("uncertain", MessageState.UNCERTAIN, TEXT_ONLY, READY);
        sent("not reached", MessageState.NOT_REACHED, WITH_APP, READY, "app", true);
        sent("no texts", MessageState.NO_TEXTS, TEXT_ONLY, READY);
        sent("no texts, app", MessageState.NO_TEXTS, WITH_APP, READY, "app", true);
        sent("stopped", MessageState.STOPPED, WITH_APP, READY, "app", true);
        sent("failed", MessageState.FAILED, TEXT_ONLY, WAIT);
        sent("too many", MessageState.TOO_MANY, WITH_APP, READY, "app", true);
        add(
                "verify-tfa",
                "none sent",
                "phone",
                MASKED,
                "news",
                news(MessageState.TOO_MANY, TEXT_ONLY),
                "resend",
                FIRST);
    }

    private void sent(String name, MessageState message, Ways ways, Map<String, Object> resend, Object... more) {
        Object[] sent = {"phone", MASKED, "sent", true, "codeMinutes", 5, "news", news(message, ways), "resend", resend
        };
        add("verify-tfa", name, with(sent, more));
    }

    private static Map<String, Object> news(MessageState message, Ways ways) {
        return NewsWords.of(message, MASKED, ways);
    }

    private void account() {
        addSignedIn("user", "none");
        addSignedIn("user", "none, required", "required", true);
        addSignedIn("user", "app", "app", APP, "canUnbindApp", true);
        addSignedIn("user", "app, required", "app", APP, "required", true, "canUnbindApp", false);
        addSignedIn("user", "phone", "phone", PHONE, "canUnbindPhone", true);
        addSignedIn("user", "phone, required", "phone", PHONE, "required", true, "canUnbindPhone", false);
        addSignedIn("user", "both", "app", APP, "phone", PHONE, "canUnbindApp", true, "canUnbindPhone", true);
        addSignedIn("user", "phone off", "app", APP, "phone", DISABLED_PHONE, "canUnbindPhone", true);
        addSignedIn("user", "changed", "app", APP, "canUnbindApp", true, "changed", true);
        addSignedIn("user", "on the way", "site", LONG_HOST);
        addSignedIn("user", "long name", "signedIn", LONG_NAME);
        addSignedIn("user", "right to left", "signedIn", "שם.משתמש@דוגמה.ישראל", "app", APP, "phone", PHONE);
        addSignedIn("user", "long brand", "brand", LONG_BRAND, "required", true, "app", APP, "canUnbindApp", false);
    }

    private void sessions() {
        Map<String, Object> here = place("Firefox on Windows", "203.0.113.9", true);
        Map<String, Object> there = place("Safari on iPhone", "2001:db8:85a3:8d3:1319:8a2e:370:7348", false);
        Map<String, Object> strange = place("Unknown browser", "198.51.100.200", false);
        addSignedIn("sessions", "here only", "places", List.of(here));
        addSignedIn("sessions", "several", "places", List.of(here, there, strange), "others", true);
        addSignedIn(
                "sessions", "one ended", "places", List.of(here, there), "others", true, "notice", "Signed out there.");
    }

    private static Map<String, Object> place(String device, String address, boolean here) {
        return Map.of(
                "handle",
                "019df2dc-0a7b-7d52-9c0e-" + Integer.toHexString(device.hashCode()),
                "here",
                here,
                "device",
                device,
                "address",
                address,
                "factors",
                "password and app",
                "since",
                "3 hours ago",
                "seen",
                "12 minutes ago");
    }

    private void app() {
        Object[] code = {
            "qr", "/auth-qr-code.png?v=7&s=2",
            "key", "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP",
            "uri", "otpauth://totp/Example%20Bank:anna?secret=JBSWY3DPEHPK3PXP&issuer=Example%20Bank"
        };
        addSignedIn("enable-app", "first", code);
        addSignedIn("enable-app", "required", with(code, "required", true));
        addSignedIn(
                "enable-app",
                "replacing",
                with(code, "replacing", true, "problem", "This code is not right.", "invalid", true));
        addSignedIn("enable-app", "long brand", with(code, "required", true, "brand", LONG_BRAND));
    }

    private void phone() {
        addSignedIn("enable-sms", "fresh", "regions", "United States, Canada");
        addSignedIn("enable-sms", "required", "regions", "United States, Canada", "required", true);
        addSignedIn(
                "enable-sms",
                "refused",
                "regions",
                "United States, Canada",
                "phoneNumber",
                "+44 7911 123456",
                "current",
                MASKED,
                "problem",
                "Numbers from this country are not supported.",
                "invalid",
                true);
        binding("waiting", MessageState.ON_ITS_WAY, WAIT, "phoneScreen", true);
        binding("delivered", MessageState.DELIVERED, WAIT);
        binding("delayed", MessageState.DELAYED, WAIT);
        binding("not reached", MessageState.NOT_REACHED, READY);
        binding("no texts", MessageState.NO_TEXTS, READY);
        binding("stopped", MessageState.STOPPED, READY);
        binding("failed", MessageState.FAILED, READY);
        binding("too many", MessageState.TOO_MANY, READY);
        binding("again", MessageState.DELIVERED, READY, "problem", TROUBLE, "invalid", true);
        binding("closed", MessageState.UNCERTAIN, CLOSED);
        addSignedIn("enable-sms-code", "none sent", "masked", MASKED, "resend", FIRST, "problem", TextWords.NOT_SENT);
    }

    private void binding(String name, MessageState message, Map<String, Object> resend, Object... more) {
        Object[] sent = {"masked", MASKED, "news", news(message, BINDING), "resend", resend};
        addSignedIn("enable-sms-code", name, with(sent, more));
    }

    private void rest() {
        addSignedIn("confirm-password", "asked", "next", "/enable-tfa-via-app");
        addSignedIn("confirm-password", "on the way", "next", "/enter", "site", "wiki.example.com");
        addSignedIn(
                "confirm-password", "refused", "next", "/user", "problem", "The password is wrong.", "invalid", true);
        addSignedIn("logout", "asked");
        add(
                "error",
                "not found",
                "status",
                404,
                "heading",
                "There is no such page",
                "text",
                "The address may be mistyped or out of date.",
                "action",
                Map.of("href", "/", "label", "Go to the first page"));
        add("error", "busy", "status", 503, "heading", "Just a moment", "text", "Many people sign in right now.");
    }

    private void phoneScreen() {
        add("phone", "empty", "phoneScreen", true, "numbers", List.of(), "messages", List.of());
        add(
                "phone",
                "messages",
                "phoneScreen",
                true,
                "number",
                "+12015550123",
                "numbers",
                List.of(
                        Map.of("number", "+12015550123", "selected", true),
                        Map.of("number", "+14165550199", "selected", false)),
                "messages",
                List.of(
                        Map.of("text", "123456 is your Example Bank code.\n@example.org #123456", "time", "14:03"),
                        Map.of("text", "654321 is your Example Bank code.\n@example.org #654321", "time", "14:05")));
    }

    private static Object[] with(Object[] some, Object... more) {
        var all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray();
    }
}
