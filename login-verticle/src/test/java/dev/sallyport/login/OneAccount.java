package dev.sallyport.login;

import dev.sallyport.FactorType;
import dev.sallyport.account.Account;
import dev.sallyport.account.AccountId;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Keeps one account, and no events; the test may write between a read and the write that follows it. */
final class OneAccount implements UserStore {

    private Optional<Account> stored;
    private Function<Account, Optional<Account>> meanwhile = Optional::of;
    private int reads;

    OneAccount(Account account) {
        stored = Optional.of(account);
    }

    Account account() {
        return stored.orElseThrow();
    }

    int reads() {
        return reads;
    }

    void put(Account account) {
        stored = Optional.of(account);
    }

    void remove() {
        stored = Optional.empty();
    }

    /** Another node makes this change, or with nothing deletes the account, right before the next write. */
    void meanwhile(Function<Account, Optional<Account>> change) {
        meanwhile = change;
    }

    @Override
    public boolean create(Account created, List<AuditEvent> events) {
        return false;
    }

    @Override
    public Optional<Account> find(AccountId id) {
        reads++;
        return stored.filter(account -> account.id().equals(id));
    }

    @Override
    public Optional<Account> find(String foldedName) {
        reads++;
        return stored.filter(account -> account.username().folded().equals(foldedName));
    }

    @Override
    public Optional<Account> update(
            AccountId id, Function<Account, Optional<Account>> change, List<AuditEvent> events) {
        stored = stored.flatMap(meanwhile);
        meanwhile = Optional::of;
        Optional<Account> changed =
                stored.filter(account -> account.id().equals(id)).flatMap(change);
        changed.ifPresent(this::put);
        return changed;
    }

    @Override
    public boolean consumeAppStep(AccountId id, long step, boolean closedToo, List<AuditEvent> events) {
        Function<Account, Optional<Account>> consumed = account -> account.app()
                .filter(app -> step > app.lastStep() && (closedToo || !app.closedToStrangers()))
                .map(app -> new Account.App(app.secret(), step, 0, app.boundAt()))
                .map(app -> account.withApp(Optional.of(app)));
        return update(id, consumed, events).isPresent();
    }

    @Override
    public Optional<Account> countWrongCode(AccountId id, Set<FactorType> factors) {
        return update(id, account -> Optional.of(counted(account, factors)), List.of());
    }

    private static Account counted(Account account, Set<FactorType> factors) {
        Optional<Account.App> app = account.app()
                .map(same -> factors.contains(FactorType.APP) ? withWrongCodes(same, same.wrongCodes() + 1) : same);
        Optional<Account.Phone> phone = account.phone()
                .map(same -> factors.contains(FactorType.PHONE) ? withWrongCodes(same, same.wrongCodes() + 1) : same);
        return account.withApp(app).withPhone(phone);
    }

    static Account.App withWrongCodes(Account.App app, int count) {
        return new Account.App(app.secret(), app.lastStep(), count, app.boundAt());
    }

    static Account.Phone withWrongCodes(Account.Phone phone, int count) {
        return new Account.Phone(phone.number(), phone.region(), count, phone.boundAt());
    }

    @Override
    public void note(AccountId id, List<AuditEvent> events) {
        // Nobody asks for what is noted here.
    }

    @Override
    public boolean acceptPhone(AccountId id) {
        Function<Account, Optional<Account>> accepted = account -> account.phone()
                .filter(phone -> !phone.disabled())
                .map(phone -> account.withPhone(Optional.of(withWrongCodes(phone, 0))));
        return update(id, accepted, List.of()).isPresent();
    }
}
