package dev.tapedeck.standalone;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tapedeck record}: looks at recordings. */
@Command(name = "record", mixinStandardHelpOptions = true, description = "Lists, verifies and rebuilds recordings.")
final class RecordCommand implements Runnable {
  @Spec
  private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "say what to do: list, verify or rebuild");
  }

  @Command(name = "list", mixinStandardHelpOptions = true,
      description = "Lists recordings of a data folder, or of a running server with --url and --token.")
  int list(
      @Option(names = "--data", paramLabel = "DIR", defaultValue = "data",
          description = "Data folder; ${DEFAULT-VALUE}") Path data,
      @Option(names = "--url", paramLabel = "ORIGIN", description = "A server, such as http://localhost:8080") URI url,
      @Option(names = "--token", paramLabel = "T", defaultValue = "${env:TAPEDECK_TOKEN}",
          description = "User token or app secret [env: TAPEDECK_TOKEN=]") String token,
      @Option(names = "--json", description = "Print one JSON object") boolean json)
      throws IOException, RefusedException {
    if (url != null && token == null) {
      throw new RefusedException("--url needs --token: ./tapedeck token --kind user --peer me prints one");
    }
    List<ListedRecording> recordings =
        url == null ? ListedRecording.ofFolder(data) : ListedRecording.ofServer(url, token);
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(JsonMapper.builder().build().writeValueAsString(Map.of("recordings", recordings)));
    } else {
      print(out, recordings);
    }
    out.flush();
    return 0;
  }

  @Command(name = "verify", mixinStandardHelpOptions = true,
      description = "Reads a recording again, every byte, and checks signature, chain, gaps and verdict. Ends with 0 if "
          + "all is as the manifest says; else names the first bad chunk and offset.")
  int verify(
      @Parameters(paramLabel = "SOURCE", description = "Store URI of the recording, or its folder") String source,
      @Option(names = "--key", paramLabel = "KEY",
          description = "The public key you trust: a file, a JWK, or base64url") String key,
      @Option(names = "--keys", paramLabel = "URL",
          description = "Take the keys from a server's /.well-known/tapedeck-keys.json, unpinned") String keys,
      @Option(names = "--json", description = "Print one JSON object") boolean json)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(json ? List.of("verify", "--json") : List.of("verify"));
    if (key != null) {
      arguments.addAll(List.of("--key", key));
    }
    if (keys != null) {
      arguments.addAll(List.of("--keys", keys));
    }
    return read(source, arguments);
  }

  @Command(name = "rebuild", mixinStandardHelpOptions = true,
      description = "Makes an unsigned manifest from the chunks of a recording alone.")
  int rebuild(
      @Parameters(paramLabel = "SOURCE", description = "Store URI of the recording, or its folder") String source,
      @Option(names = "--out", paramLabel = "FILE", description = "Where to write it; standard output without") Path out)
      throws IOException, InterruptedException {
    return read(source, out == null ? List.of("rebuild") : List.of("rebuild", "--out", out.toString()));
  }

  /** The composer reads recordings. Its source goes in the environment: it holds keys, and arguments can be seen by all. */
  private static int read(String source, List<String> arguments) throws IOException, InterruptedException {
    ProcessBuilder reader = new ProcessBuilder(ProgramHome.find().shortComposer(arguments)).inheritIO();
    reader.environment().put("RECORDING_SOURCE", source);
    return reader.start().waitFor();
  }

  private static void print(PrintWriter out, List<ListedRecording> recordings) {
    out.printf("%-17s  %-20s  %-12s  %-24s  %9s  %9s  %-9s  %s%n", "RECORDING", "ROOM", "APP", "STARTED", "LENGTH",
        "SIZE", "VERDICT", "PEERS");
    for (ListedRecording recording : recordings) {
      out.printf(Locale.ROOT, "%-17d  %-20s  %-12s  %-24s  %7.1f s  %6.1f MB  %-9s  %s%n", recording.id(),
          recording.room(), recording.app(), recording.startedAt(), recording.durationMs() / 1e3,
          recording.bytes() / 1e6,
          recording.verdict() == null ? recording.state() : recording.verdict(), String.join(", ", recording.peers()));
    }
  }
}
