package dev.tapedeck.standalone.documents;

import dev.tapedeck.protocol.npm.NpmPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The programs on a page: fenced blocks whose first line names a file, as in {@code ```js backend.mjs}. */
final class ClientExamples {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]+ ([\\w.]+)$\\R(.*?)^```$");
  private static final String ORIGIN = "http://localhost:8080";
  private static final String BACKEND = "http://localhost:3000";

  private final Map<String, String> programs;

  private ClientExamples(Map<String, String> programs) {
    this.programs = programs;
  }

  static ClientExamples of(String page) {
    return new ClientExamples(BLOCK.matcher(page).results()
        .collect(Collectors.toMap(block -> block.group(1), block -> block.group(2), (a, b) -> {
          throw new IllegalStateException("two programs of one name");
        }, LinkedHashMap::new)));
  }

  Iterable<String> names() {
    return programs.keySet();
  }

  /** Writes a program as it stands on the page. */
  Path write(String name, Path folder) throws IOException {
    return write(name, folder, UnaryOperator.identity());
  }

  /** Writes a program with the addresses that the page has only as examples. */
  Path write(String name, Path folder, String origin, String backend) throws IOException {
    return write(name, folder, text -> text.replace(ORIGIN, origin).replace(BACKEND, backend));
  }

  private Path write(String name, Path folder, UnaryOperator<String> change) throws IOException {
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve(name), change.apply(programs.get(name)));
  }

  /**
   * Bundles a program that imports npm packages, as whoever uses them does, and puts a page beside it that runs it.
   *
   * @return the page's file name
   */
  String bundle(String name, Path folder, String origin, String backend) throws IOException, InterruptedException {
    Path modules = NpmPackages.install("@atm0s-media-sdk/react-hooks@1.0.0-alpha.8", "react@18.3.1", "react-dom@18.3.1",
        "esbuild@0.28.2");
    Path source = write(name, modules.resolveSibling("examples"), origin, backend);
    String stem = name.substring(0, name.indexOf('.'));
    Process esbuild = new ProcessBuilder(modules.resolve(".bin/esbuild").toString(), source.toString(), "--bundle",
        "--format=esm", "--jsx=automatic", "--define:process.env.NODE_ENV=\"production\"", "--log-level=warning",
        "--outfile=" + folder.resolve(stem + ".js").toAbsolutePath())
        .redirectErrorStream(true).redirectOutput(folder.resolve(stem + ".log").toFile()).start();
    if (esbuild.waitFor() != 0) {
      throw new IllegalStateException(name + ": " + Files.readString(folder.resolve(stem + ".log")));
    }
    Files.writeString(folder.resolve(stem + ".html"), """
        <!doctype html>
        <meta charset="utf-8">
        <body><div id="root"></div><script type="module" src="%s.js"></script>
        """.formatted(stem));
    return stem + ".html";
  }
}
