package dev.sallyport.seal.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.SealedLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InclusionProofTest {

    private static SealedLog log;

    @BeforeAll
    static void seal(@TempDir Path keys) {
        log = new SealedLog(keys, 1, 300);
    }

    private static Seal sealOf(LoggedRecord record) {
        return log.seals(0).stream()
                .filter(seal -> seal.checkpoint().covers(record.offset()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyRecordIsProvenByThePublicKeyAlone() {
        for (LoggedRecord record : log.records(0)) {
            String text = InclusionProof.of(record, sealOf(record)).toString();

            InclusionProof proof = InclusionProof.parse(text);

            assertEquals(Optional.of(log.keys().getFirst()), proof.provenBy(log.keys()));
            assertEquals(record.leafHash(), proof.record().leafHash());
            assertEquals(text, proof.toString());
        }
    }

    @Test
    void noLetterOfAProofCanBeChanged() {
        LoggedRecord record = log.records(0).get(20);
        String text = InclusionProof.of(record, sealOf(record)).toString();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            assertEquals(Optional.empty(), provenBy(changed), changed);
        }
    }

    private static Optional<?> provenBy(String text) {
        try {
            return InclusionProof.parse(text).provenBy(log.keys());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Test
    void aSealThatDoesNotCoverTheRecordProvesNothing() {
        LoggedRecord record = log.records(0).getFirst();
        Seal seal = sealOf(record);

        assertThrows(
                IllegalArgumentException.class,
                () -> InclusionProof.of(record, log.seals(0).getLast()));
        assertThrows(
                IllegalArgumentException.class,
                () -> InclusionProof.of(record, new Seal(seal.checkpoint(), seal.note(), List.of())));
        assertThrows(
                IllegalArgumentException.class, () -> InclusionProof.of(SealedLog.record(0, record.offset(), 1), seal));
    }
}
