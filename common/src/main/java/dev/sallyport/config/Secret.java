package dev.sallyport.config;

/** A configured value that must never be shown. */
public record Secret(String value) {

    @Override
    public String toString() {
        return "•••";
    }
}
