package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** One real media server for all tests of this JVM, since a start takes longer than what most of them do with it. */
public final class SharedServer {
  private static ServerProcess server;

  private SharedServer() {}

  /** It ends with this JVM. */
  public static synchronized ServerProcess get() throws IOException {
    if (server == null) {
      server = ServerProcess.start(
          new ServerProcess.Arguments(Files.createTempDirectory("tapedeck-shared-"), null, List.of()));
    }
    return server;
  }
}
