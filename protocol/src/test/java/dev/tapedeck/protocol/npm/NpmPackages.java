package dev.tapedeck.protocol.npm;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Packages of npm that tests speak with, installed below {@code target} by the first test that needs them. */
public final class NpmPackages {
  private NpmPackages() {}

  /**
   * Installs packages of exact versions, unless they are there.
   *
   * @param packages such as {@code name@1.2.3}; the first one names the folder
   * @return the folder {@code node_modules}
   * @throws IllegalStateException when npm cannot install them; its own words are on the standard error
   */
  public static synchronized Path install(String... packages) throws IOException, InterruptedException {
    Path folder = Path.of("target", "npm", packages[0].replaceAll("[^A-Za-z0-9.-]", "_")).toAbsolutePath();
    Path complete = folder.resolve("installed");
    if (!Files.exists(complete)) {
      Files.createDirectories(folder);
      List<String> command = new ArrayList<>(List.of("npm", "install", "--no-save", "--no-package-lock", "--no-audit",
          "--no-fund", "--silent", "--prefix", folder.toString()));
      command.addAll(List.of(packages));
      // Standard input and output of a test's JVM belong to its runner.
      Process npm = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT).start();
      if (npm.waitFor() != 0) {
        throw new IllegalStateException("npm could not install " + String.join(", ", packages));
      }
      Files.createFile(complete);
    }
    return folder.resolve("node_modules");
  }
}
