package dev.tapedeck.media;

import dev.tapedeck.media.io.spool.SpoolFolder;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the spool is that a command looks at. */
final class SpoolPlace {
  @Option(names = "--data", paramLabel = "DIR", defaultValue = "data",
      description = "Data folder of the media server or of standalone; ${DEFAULT-VALUE}")
  private Path data;

  SpoolFolder folder() throws IOException {
    return SpoolFolder.in(data);
  }
}
