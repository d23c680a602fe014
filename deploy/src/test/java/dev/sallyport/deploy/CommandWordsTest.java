package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandWordsTest {

    @ParameterizedTest
    @CsvSource({
        "keys rotate nope, There is no keyset \"nope\"; choose from: account-data",
        "keys rotate lookup --stage nope, choose from: add",
        "keys export nope --to D, There is no role \"nope\"; choose from: login",
        "'keys export login,nope --to D', There is no role \"nope\"; choose from: login",
    })
    void aWrongWordIsAnsweredWithTheRightOnes(String command, String answer) {
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told);
        assertEquals(2, Sallyport.run(command.split(" "), Map.of(), out, out));
        assertTrue(told.toString().contains(answer), told.toString());
        assertFalse(told.toString().contains("Exception"), told.toString());
    }

    @Test
    void aBrokerOfNoClusterIsToldWhatIsMissing() {
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told);
        String[] command = {"server", "kafka", "--node", "2", "--voters", "1@127.0.0.1:9193"};
        assertEquals(1, Sallyport.run(command, Map.of(), out, out));
        assertEquals(
                "sallyport: There is no broker 2 among 1@127.0.0.1:9193.",
                told.toString().strip());
    }
}
