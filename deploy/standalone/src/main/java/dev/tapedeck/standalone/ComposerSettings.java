package dev.tapedeck.standalone;

import dev.tapedeck.connector.ConnectorServer;
import dev.tapedeck.protocol.config.Redacted;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;

/** The configuration file of the embedded composer. It holds secrets, so only its owner may read it. */
final class ComposerSettings {
  private ComposerSettings() {}

  /** Writes the file anew, because the store's keys are drawn at each start. */
  static Path write(Path data, String storeUri, URI origin, ConnectorServer connector) throws IOException {
    StringBuilder text = new StringBuilder("# Written at each start of standalone.\n");
    text.append("composer.store = ").append(storeUri).append('\n');
    text.append("composer.data = ").append(data.resolve("composer")).append('\n');
    text.append("connector.url = ").append(origin).append('\n');
    for (String app : connector.apps().ids()) {
      text.append("apps.").append(app).append(".secrets = ").append(connector.apps().secrets(app).stream()
          .map(Redacted::reveal).collect(Collectors.joining(","))).append('\n');
    }
    Path file = data.resolve("composer.conf");
    Path fresh = Files.createTempFile(data, "composer", ".conf",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    return Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
