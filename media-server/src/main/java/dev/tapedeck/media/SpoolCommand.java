package dev.tapedeck.media;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.media.io.spool.FolderTarget;
import dev.tapedeck.media.io.spool.SpoolAudit;
import dev.tapedeck.media.io.spool.SpoolExport;
import dev.tapedeck.media.io.spool.SpoolFolder;
import dev.tapedeck.media.io.spool.SpoolListing;
import dev.tapedeck.media.io.store.StoreTarget;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tapedeck spool}: looks into a media server's spool, alive or dead, and brings what lies in it to the store. */
@Command(name = "spool", mixinStandardHelpOptions = true,
    description = "What a media server has taped and not stored yet.", subcommands = SpoolRetryCommand.class)
public final class SpoolCommand implements Runnable {
  static final int NOT_WELL = 1;
  private static final int REFUSED = 2;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec
  private CommandSpec command;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new SpoolCommand()).setExecutionExceptionHandler((problem, line, parsed) -> {
      line.getErr().println("spool: " + (problem.getMessage() == null ? problem.toString() : problem.getMessage()));
      return REFUSED;
    });
  }

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "say what to do: ls, verify, retry or export");
  }

  @Command(name = "ls", mixinStandardHelpOptions = true,
      description = "Lists recordings, tapes and chunks that are not known to be stored.")
  int list(
      @Mixin SpoolPlace place,
      @Option(names = "--json", description = "Print one JSON object") boolean json) throws IOException {
    SpoolListing listing = place.folder().list();
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(SpoolReport.asJson(listing)));
    } else {
      SpoolReport.print(out, listing);
    }
    out.flush();
    return 0;
  }

  @Command(name = "verify", mixinStandardHelpOptions = true,
      description = "Reads every frame and every chunk. Ends with 1 if anything is damaged.")
  int verify(
      @Mixin SpoolPlace place,
      @Option(names = "--json", description = "Print one JSON object") boolean json) throws IOException {
    SpoolAudit audit = place.folder().audit();
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(audit));
    } else {
      SpoolReport.print(out, audit);
    }
    out.flush();
    return audit.damages().isEmpty() ? 0 : NOT_WELL;
  }

  @Command(name = "export", mixinStandardHelpOptions = true, description = {
      "Copies all chunks of a dead media server, under the keys they would have in the store, to a folder or to"
          + " http://user:password@host:port/bucket/path?path_style=true. The spool stays as it is.",
      "The target may also be given as EXPORT_TARGET in the environment, which others cannot read."})
  int export(
      @Mixin SpoolPlace place,
      @Parameters(paramLabel = "TARGET", defaultValue = "${env:EXPORT_TARGET}") String target,
      @Option(names = "--json", description = "Print one JSON object") boolean json)
      throws IOException, InterruptedException, StoreUriException {
    SpoolExport.Result result = export(place.folder(), target);
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(result));
    } else {
      out.printf(Locale.ROOT, "%d chunks of %d tapes, %d bytes%n", result.chunks(), result.tapes(), result.bytes());
      result.unreadable().forEach(chunk -> out.println("not readable: " + chunk));
    }
    out.flush();
    return result.unreadable().isEmpty() ? 0 : NOT_WELL;
  }

  private static SpoolExport.Result export(SpoolFolder folder, String target)
      throws IOException, InterruptedException, StoreUriException {
    if (!target.matches("https?://.*")) {
      return folder.export(new FolderTarget(Path.of(target)));
    }
    try (StoreTarget store = new StoreTarget(StoreUri.parse(target))) {
      return folder.export(store);
    }
  }
}
