package dev.tapedeck.standalone;

import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tapedeck keys}: the keys that sign manifests. A running connector takes a new one at its next manifest. */
@Command(name = "keys", mixinStandardHelpOptions = true, description = "Shows and rotates the keys that sign manifests.")
final class KeysCommand implements Runnable {
  private final SecureRandom random = new SecureRandom();

  @Spec
  private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "say what to do: show or rotate");
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "Prints the public keys, the active one first.")
  int show(
      @Option(names = "--data", paramLabel = "DIR", defaultValue = "data",
          description = "Data folder; ${DEFAULT-VALUE}") Path data,
      @Option(names = "--json", description = "Print them as a JWK Set, to be pinned with --key") boolean json)
      throws IOException {
    SigningKeys keys = keys(data);
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(new String(keys.publicKeys().json(), StandardCharsets.UTF_8));
    } else {
      for (ManifestKey key : keys.publicKeys().keys()) {
        out.println(key.keyId() + "  " + key.status().text() + " since " + ManifestJson.iso(key.notBefore())
            + key.retiredAt().map(at -> " until " + ManifestJson.iso(at)).orElse(""));
      }
    }
    out.flush();
    return 0;
  }

  @Command(name = "rotate", mixinStandardHelpOptions = true,
      description = "Draws a new key. The public half of the old one is kept; what it signed stays verifiable.")
  int rotate(@Option(names = "--data", paramLabel = "DIR", defaultValue = "data",
      description = "Data folder; ${DEFAULT-VALUE}") Path data) throws IOException {
    String keyId = keys(data).rotate(random, System.currentTimeMillis());
    PrintWriter out = command.commandLine().getOut();
    out.println("signing with " + keyId + " from now on");
    out.flush();
    return 0;
  }

  private SigningKeys keys(Path data) throws IOException {
    Secrets.loadOrCreate(data, random);
    return SigningKeys.loadOrCreate(data, random, System.currentTimeMillis());
  }
}
