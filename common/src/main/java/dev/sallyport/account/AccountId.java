package dev.sallyport.account;

/** Names an account for ever; no secret. */
public record AccountId(String value) {

    @Override
    public String toString() {
        return value;
    }
}
