package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Tape;
import dev.tapedeck.proofs.lab.RefusedMeeting;
import dev.tapedeck.proofs.lab.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The store answers 403, then 500, then resets connections, while a recording runs and ends. */
@ExtendWith(SharedLab.class)
class StoreRefusalTest {
  private Lab lab;
  private RefusedMeeting meeting;

  @BeforeEach
  void use(Lab lab, RefusedMeeting meeting) {
    this.lab = lab;
    this.meeting = meeting;
  }

  @Test
  void losesNothing() {
    Tape tape = lab.tape(meeting.recording());

    assertThat(meeting.refused().values()).hasSize(3).allMatch(requests -> requests > 0);
    assertThat(tape.missing(meeting.sent())).isEmpty();
    assertThat(tape.doubles()).isEmpty();
    assertThat(tape.packets()).hasSameSizeAs(meeting.sent());
    assertThat(tape.states().values()).containsOnly("complete");
    System.out.println("store refusal: " + meeting.refused() + " requests refused, " + meeting.sent().size()
        + " packets sent, all taped in " + tape.states().size() + " chunks");
  }

  @Test
  void verdictIsComplete() {
    JsonNode manifest = lab.manifest(meeting.recording());

    assertThat(meeting.recording().get("verdict").textValue()).isEqualTo("complete");
    assertThat(manifest.get("verdict").textValue()).isEqualTo("complete");
    assertThat(manifest.get("gaps")).isEmpty();
    assertThat(manifest.get("sessions")).hasSize(2)
        .allMatch(session -> session.get("end").textValue().equals("left"));
  }

  @Test
  void everyObjectIsWhatTheManifestPromises() throws IOException, NoSuchAlgorithmException {
    int chunks = 0;
    for (JsonNode session : lab.manifest(meeting.recording()).get("sessions")) {
      for (JsonNode chunk : session.get("chunks")) {
        byte[] object = Files.readAllBytes(lab.store().file(chunk.get("key").textValue()));
        assertThat(object).hasSize(chunk.get("bytes").intValue());
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(object)))
            .isEqualTo(chunk.get("sha256").textValue());
        chunks++;
      }
    }
    assertThat(chunks).isEqualTo(lab.tape(meeting.recording()).states().size()).isGreaterThan(4);
  }
}
