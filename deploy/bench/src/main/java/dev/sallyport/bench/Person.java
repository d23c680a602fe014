package dev.sallyport.bench;

import dev.sallyport.bench.Browser.Answer;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import java.time.Duration;

/** Somebody with an account. */
record Person(String name, String phone) {

    static final String PASSWORD = "a quiet harbour at dawn";

    static Person signUp(Browser browser, int number) {
        Person person = new Person("person%05d@example.com".formatted(number), "+1415267%04d".formatted(number));
        expect(303, browser.submit("/sign-up", "username", person.name, "password1", PASSWORD, "password2", PASSWORD));
        return person;
    }

    /** Adds the phone, with the code that it receives. */
    void bindPhone(Site site) throws InterruptedException {
        Browser browser = site.visitor();
        expect(303, browser.submit("/", "username", name, "password", PASSWORD));
        bindPhone(browser, site.twilio());
    }

    /** The same at a browser where the person is signed in. */
    void bindPhone(Browser browser, FakeTwilio twilio) throws InterruptedException {
        int before = twilio.ledger().messages().size();
        expect(303, browser.submit("/enable-tfa-via-sms", "phone_number", phone));
        twilio.ledger().awaitMessages(before + 1, Duration.ofSeconds(10));
        expect(303, browser.submit("/enable-tfa-via-sms", "token", newestCode(twilio)));
    }

    /** Goes through the second door with the code that came. */
    void enterCode(Browser browser, FakeTwilio twilio) {
        expect(303, browser.submit("/verify-tfa", "token", newestCode(twilio)));
    }

    private String newestCode(FakeTwilio twilio) {
        return twilio.ledger().messagesTo(phone).getLast().body().substring(0, 6);
    }

    /**
     * Signs in as people do: the page, the form, the page that it leads to.
     *
     * @return false if the site was too busy
     */
    boolean signIn(Browser browser) {
        Answer answer = browser.submit("/", "username", name, "password", PASSWORD);
        if (answer.status() == 503) {
            return false;
        }
        expect(303, answer);
        expect(200, browser.get("/user"));
        return true;
    }

    static void expect(int status, Answer answer) {
        if (answer.status() != status) {
            throw new IllegalStateException("status " + answer.status() + " and not " + status + ": "
                    + answer.body().strip());
        }
    }
}
