package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.rtp.SentPacket;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Clips;
import dev.tapedeck.bench.lab.Folders;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Program;
import dev.tapedeck.bench.lab.StoreDoor.Mood;
import dev.tapedeck.bench.lab.Tape;
import dev.tapedeck.bench.lab.ToolRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * S3-7: a media server dies with everything it taped, because the store took nothing. Its folder is looked at, carried
 * away and converted, and at last stored by {@code spool retry}, without a media server.
 */
class DeadNodeSpoolTest {
  private static final long SEED = 37;
  private static final String ROOM = "dead";
  private static final int PACKETS = 500;
  private static final int EXIT_PARTIAL = 3;
  private static final long RECOVERY_POINT_NANOS = TimeUnit.SECONDS.toNanos(1);

  @Test
  void whatADeadMediaServerLeftIsConvertedAndStored() throws Exception {
    System.out.println("dead node: seed " + SEED);
    try (Lab lab = Lab.start("dead-node", Map.of(), Map.of())) {
      SyntheticPublisher ann = lab.join(ROOM, "ann", Clips.of(0, new Random(SEED)), SEED);
      lab.store().door().set(Mood.FORBIDDEN);
      ann.play();
      Await.until(PACKETS + " packets", ann.sentLog()::packetsSent, sent -> sent >= PACKETS);
      String data = "--data=" + lab.folder().resolve("media-server");
      assertThat(spool("export", data, lab.folder().resolve("never").toString()).err()).contains("running process");
      assertThat(spool("retry", data).requireSuccess().out()).contains("tries all uploads now");

      long killedAtNanos = lab.mediaServer().kill();
      ann.close();
      List<SentPacket> old = ann.sentLog().packets().stream()
          .filter(packet -> packet.sentWallNanos() < killedAtNanos - RECOVERY_POINT_NANOS).toList();
      assertThat(old).hasSizeGreaterThan(PACKETS / 2);
      JsonNode listing = new ObjectMapper().readTree(spool("ls", "--json", data).requireSuccess().out());
      assertThat(listing.get("live").asBoolean()).isFalse();
      assertThat(listing.get("recordings")).hasSize(1);
      spool("verify", data).requireSuccess();

      assertThatExportConverts(lab, data, listing.at("/recordings/0/recording").asText());

      lab.store().door().set(Mood.OPEN);
      String config = "--config=" + lab.folder().resolve("media-server.conf");
      assertThat(spool("retry", data, config).requireSuccess().out()).contains("everything is stored");
      assertThat(new ObjectMapper().readTree(spool("ls", "--json", data).out()).get("recordings")).isEmpty();
      JsonNode recording = lab.finalized(ROOM);
      assertThat(recording.get("verdict").textValue()).isEqualTo("partial");
      Tape tape = lab.tape(recording);
      assertThat(tape.missing(old)).isEmpty();
      assertThat(tape.strangers(ann.sentLog().packets())).isEmpty();
    }
  }

  private static void assertThatExportConverts(Lab lab, String data, String recording) {
    Path out = Folders.empty(lab.folder().resolve("export"));
    spool("export", data, out.toString()).requireSuccess();
    ToolRun run = ToolRun.of(Program.COMPOSER, "convert", "--in-path",
        out.resolve(Lab.APP).resolve(ROOM).resolve(recording).toString(),
        "--transmux", "--transmux-out-path", lab.folder().resolve("tracks").toString());
    assertThat(run.exitCode()).as(run.err()).isIn(0, EXIT_PARTIAL);
    assertThat(lab.folder().resolve("tracks")).isDirectoryRecursivelyContaining("glob:**.webm");
  }

  private static ToolRun spool(String... arguments) {
    return ToolRun.of(Program.SPOOL, arguments);
  }
}
