package dev.sallyport.phone;

/** Why a phone number can't receive codes. */
public enum PhoneProblem {
    NOT_A_NUMBER("This doesn't look like a phone number. Type its digits, for a number from abroad starting with +"
            + " and the country code."),
    HAS_EXTENSION("Text messages don't reach an extension. Give a mobile number, without one."),
    NOT_VALID("No phone has this number. Check its digits, and start with + and the country code when it is from"
            + " abroad."),
    REGION_NOT_SERVED("We can't send text messages to that country. Use a number from another country, or an"
            + " authenticator app."),
    NOT_MOBILE("This kind of number can't receive our text messages. Give a mobile number, or use an authenticator"
            + " app.");

    private final String sentence;

    PhoneProblem(String sentence) {
        this.sentence = sentence;
    }

    /** For the person: calm, and it says what to do. */
    public String sentence() {
        return sentence;
    }
}
