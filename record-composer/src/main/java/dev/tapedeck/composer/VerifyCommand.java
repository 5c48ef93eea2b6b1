package dev.tapedeck.composer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.io.source.FolderStore;
import dev.tapedeck.composer.io.source.ObjectStore;
import dev.tapedeck.composer.io.source.RecordingAudit;
import dev.tapedeck.composer.io.source.S3Store;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code composer verify}: reads a recording again and compares every byte with its manifest. */
@Command(name = "verify", mixinStandardHelpOptions = true, usageHelpWidth = 110,
    description = "Read a recording again, every byte, and compare it with its manifest.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is as the manifest says", "1:something differs, or could not be read", "2:wrong usage"})
final class VerifyCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "SOURCE", defaultValue = "${env:VERIFY_SOURCE}",
      description = "Store URI of the recording, or the folder with its manifest.json [env: VERIFY_SOURCE=]")
  private String source;

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() {
    try (ObjectStore store = store()) {
      RecordingAudit.Result result = RecordingAudit.of(store);
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

  private ObjectStore store() {
    if (source == null || source.isEmpty()) {
      throw new ParameterException(command.commandLine(), "name the recording: its store URI, or its folder");
    }
    if (!source.matches("https?://.*")) {
      return new FolderStore(Path.of(source));
    }
    try {
      return new S3Store(StoreUri.parse(source));
    } catch (StoreUriException e) {
      throw new ParameterException(command.commandLine(), e.getMessage());
    }
  }

  private static void print(PrintWriter out, RecordingAudit.Result result) {
    Optional<Manifest> manifest = result.manifest();
    manifest.ifPresent(found -> out.printf("recording %d of room %s, manifest %d, %d sessions%n", found.recording(),
        found.room(), found.version(), found.sessions().size()));
    out.printf("%d chunks, %d packets, %d bytes read%n", result.chunks(), result.packets(), result.bytes());
    for (Finding finding : result.findings()) {
      out.println(finding);
    }
    out.println("verdict " + result.verdict().text()
        + manifest.map(found -> ", the manifest says " + found.verdict().text()).orElse(", there is no manifest"));
  }

  private static String json(RecordingAudit.Result result) {
    ObjectNode node = JsonMapper.builder().build().createObjectNode();
    result.manifest().ifPresent(manifest -> {
      node.put("recording", manifest.recording());
      node.put("manifestVerdict", manifest.verdict().text());
    });
    node.put("verdict", result.verdict().text());
    node.put("chunks", result.chunks());
    node.put("packets", result.packets());
    node.put("bytes", result.bytes());
    result.findings().forEach(finding -> node.withArray("findings").addObject()
        .put("kind", finding.kind().name().toLowerCase(Locale.ROOT))
        .put("chunk", finding.chunk())
        .put("detail", finding.detail()));
    return node.toString();
  }
}
