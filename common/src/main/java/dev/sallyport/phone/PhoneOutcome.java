package dev.sallyport.phone;

/** What became of a typed phone number. Neither form prints it. */
public sealed interface PhoneOutcome {

    /**
     * It may receive codes.
     *
     * @param region ISO 3166-1 code of the country or territory that the number belongs to, such as {@code US}
     */
    record Accepted(PhoneNumber number, String region) implements PhoneOutcome {}

    record Refused(PhoneProblem problem) implements PhoneOutcome {}
}
