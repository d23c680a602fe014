package dev.sallyport.password;

/** Why a new password was refused. {@link #sentence} is for the person: calm, and it says what to do. */
public sealed interface PasswordRefusal {

    String sentence();

    record TooShort(int minimum) implements PasswordRefusal {
        @Override
        public String sentence() {
            return "Use at least " + minimum + " characters. Several words in a row make a good password.";
        }
    }

    record TooLong(int maximum) implements PasswordRefusal {
        @Override
        public String sentence() {
            return "Use at most " + maximum + " characters.";
        }
    }

    record UntypableCharacter() implements PasswordRefusal {
        @Override
        public String sentence() {
            return "This password contains a character that keyboards cannot type, such as a tab or a line break."
                    + " Leave it out.";
        }
    }

    record MadeOfUsername() implements PasswordRefusal {
        @Override
        public String sentence() {
            return "This password is little more than your user name. Choose one that has nothing to do with it.";
        }
    }

    record MadeOfSiteName() implements PasswordRefusal {
        @Override
        public String sentence() {
            return "This password is little more than the name of this site. Choose one that has nothing to do with it.";
        }
    }

    record CommonOrBreached() implements PasswordRefusal {
        @Override
        public String sentence() {
            return "This password is easy to guess: it is in common use, a simple pattern, or known from a leak."
                    + " Choose another one; several unrelated words work well.";
        }
    }
}
