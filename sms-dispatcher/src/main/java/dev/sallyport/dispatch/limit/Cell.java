package dev.sallyport.dispatch.limit;

/**
 * What a {@link Count} is about.
 *
 * @param name a region (ISO 3166-1 alpha-2), what stands for a prefix or a block of numbers, or a provider instance
 */
public record Cell(Kind kind, String name) {

    /** The kinds of things that messages are counted by. */
    public enum Kind {
        REGION,
        /** 10,000 numbers. */
        PREFIX,
        /** 1,000 numbers. */
        BLOCK,
        PROVIDER
    }

    static Cell region(String name) {
        return new Cell(Kind.REGION, name);
    }

    static Cell prefix(String name) {
        return new Cell(Kind.PREFIX, name);
    }

    static Cell block(String name) {
        return new Cell(Kind.BLOCK, name);
    }

    static Cell provider(String name) {
        return new Cell(Kind.PROVIDER, name);
    }
}
