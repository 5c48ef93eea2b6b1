package dev.tapedeck.standalone.browser;

import dev.tapedeck.protocol.npm.NpmPackages;
import java.io.IOException;
import java.nio.file.Path;

/** The reference's published JavaScript SDK, as npm has it, and what it imports. */
final class SdkPackage {
  private SdkPackage() {}

  /** The folder {@code node_modules}. */
  static Path folder() throws IOException {
    try {
      return NpmPackages.install("@atm0s-media-sdk/core@1.0.0-alpha.7", "protobufjs@7.6.6");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while npm installs the SDK", e);
    }
  }
}
