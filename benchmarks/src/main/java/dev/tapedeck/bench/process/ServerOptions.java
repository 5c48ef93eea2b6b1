package dev.tapedeck.bench.process;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.media.io.crypto.CipherChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a benchmark's server is started and what its clients agree on with it: a mixin. */
public final class ServerOptions {
  private static final Map<String, List<SrtpProtection>> PROFILES = Map.of(
      "gcm", List.of(SrtpProtection.AEAD_AES_128_GCM), "cm", List.of(SrtpProtection.AES128_CM_HMAC_SHA1_80));

  @Option(names = "--crypto", paramLabel = "NAME",
      description = "SRTP back end of the server: ipsec-mb, libcrypto or portable; its own choice if absent.")
  private String crypto;

  @Option(names = "--profile", defaultValue = "gcm", paramLabel = "gcm|cm",
      description = "SRTP profile the clients offer. Default: ${DEFAULT-VALUE}.")
  private String profile;

  @Option(names = "--server-arg", paramLabel = "ARG", description = "Further argument of the server; may be repeated.")
  private List<String> arguments = new ArrayList<>();

  @Option(names = "--server-flag", paramLabel = "FLAG",
      description = "Further flag of the server's JVM; may be repeated.")
  private List<String> flags = new ArrayList<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Starts it in this folder, or in a temporary one if that is null, with flags of its JVM that a measurement needs. */
  public ServerProcess start(Path data, List<String> neededFlags) throws IOException {
    List<String> all = new ArrayList<>(neededFlags);
    all.addAll(flags);
    return ServerProcess.start(new ServerProcess.Arguments(data, crypto, arguments), all);
  }

  /** What clients offer under the name of a profile, {@code gcm} or {@code cm}. */
  public static List<SrtpProtection> protections(String profile) {
    return PROFILES.get(profile);
  }

  /** @throws ParameterException saying which option must be what */
  public void check() {
    if (crypto != null && !CipherChoice.NAMES.contains(crypto)) {
      throw new ParameterException(command.commandLine(), "--crypto is " + crypto + ", must be one of "
          + String.join(", ", CipherChoice.NAMES));
    }
    if (!PROFILES.containsKey(profile)) {
      throw new ParameterException(command.commandLine(), "--profile is " + profile + ", must be gcm or cm");
    }
  }

  /** Name of the SRTP back end, or null for the server's own choice. */
  public String crypto() {
    return crypto;
  }

  public String profile() {
    return profile;
  }

  public List<String> arguments() {
    return arguments;
  }

  /** Flags of the server's JVM, besides the usual ones. */
  public List<String> flags() {
    return flags;
  }
}
