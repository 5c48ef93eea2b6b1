package dev.tapedeck.composer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.io.source.ObjectStore;
import dev.tapedeck.composer.io.source.RecordingAudit;
import dev.tapedeck.protocol.manifest.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code composer verify}: reads a recording again and compares every byte with its manifest. */
@Command(name = "verify", mixinStandardHelpOptions = true, usageHelpWidth = 110,
    description = "Read a recording again, every byte, and compare it with its manifest.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is as the manifest says", "1:something differs, or could not be read", "2:wrong usage"})
final class VerifyCommand implements Callable<Integer> {
  @Mixin
  private SourceArgument source;

  @Mixin
  private KeyOptions keys;

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() {
    try (ObjectStore store = source.open()) {
      RecordingAudit.Result result = RecordingAudit.of(store, keys.read());
      PrintWriter out = command.commandLine().getOut();
      if (json) {
        out.println(json(result));
      } else {
        print(out, result);
      }
      out.flush();
      return result.findings().isEmpty() ? 0 : 1;
    } catch (IOException e) {
      command.commandLine().getErr().println(e.getMessage());
      return 1;
    }
  }

  private static void print(PrintWriter out, RecordingAudit.Result result) {
    Optional<Manifest> manifest = result.manifest();
    manifest.ifPresent(found -> out.printf("recording %d of room %s, manifest %d, %d sessions%nsignature %s%n",
        found.recording(), found.room(), found.version(), found.sessions().size(), result.signature().detail()));
    out.printf("%d chunks, %d packets, %d bytes read%n", result.chunks(), result.packets(), result.bytes());
    for (Finding finding : result.findings()) {
      out.println(finding);
    }
    result.firstBadChunk().ifPresent(bad -> out.println("first bad chunk: " + bad.chunk()
        + (bad.offset() == Finding.NO_OFFSET ? "" : " at byte " + bad.offset())));
    out.println("verdict " + result.verdict().text()
        + manifest.map(found -> ", the manifest says " + found.verdict().text()).orElse(", there is no manifest"));
  }

  private static String json(RecordingAudit.Result result) {
    ObjectNode node = JsonMapper.builder().build().createObjectNode();
    result.manifest().ifPresent(manifest -> {
      node.put("recording", manifest.recording());
      node.put("manifestVersion", manifest.version());
      node.put("manifestVerdict", manifest.verdict().text());
    });
    node.putObject("signature")
        .put("state", result.signature().state().text())
        .put("keyId", result.signature().keyId())
        .put("pinned", result.signature().pinned());
    node.put("verdict", result.verdict().text());
    node.put("chunks", result.chunks());
    node.put("packets", result.packets());
    node.put("bytes", result.bytes());
    result.firstBadChunk().ifPresent(bad -> place(node.putObject("firstBadChunk"), bad));
    result.findings().forEach(finding -> place(node.withArray("findings").addObject(), finding)
        .put("kind", finding.kind().name().toLowerCase(Locale.ROOT))
        .put("detail", finding.detail()));
    return node.toString();
  }

  private static ObjectNode place(ObjectNode node, Finding finding) {
    node.put("chunk", finding.chunk());
    return finding.offset() == Finding.NO_OFFSET ? node : node.put("offset", finding.offset());
  }
}
