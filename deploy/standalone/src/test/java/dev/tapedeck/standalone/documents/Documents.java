package dev.tapedeck.standalone.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The repository as a reader of its documents sees it. */
final class Documents {
  private static final Set<String> NOT_SOURCES = Set.of("target", ".git", "data", "node_modules");

  private final Path root;

  private Documents(Path root) {
    this.root = root;
  }

  /** The folder at or above the working folder that has the launcher. */
  static Documents find() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("tapedeck"))) {
        return new Documents(at);
      }
    }
    throw new IllegalStateException("no launcher at or above the working folder");
  }

  Path file(String path) {
    return root.resolve(path);
  }

  String read(String path) {
    return read(root.resolve(path));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every Markdown page. */
  List<Path> pages() {
    return sources(root).filter(file -> file.toString().endsWith(".md")).sorted().toList();
  }

  /** Names of all Java types that have a file of their own, and of all pages' modules. */
  Set<String> typeNames() {
    return sources(root)
        .map(file -> file.getFileName().toString())
        .filter(name -> name.endsWith(".java"))
        .map(name -> name.substring(0, name.length() - ".java".length()))
        .collect(Collectors.toSet());
  }

  String nameOf(Path page) {
    return root.relativize(page).toString();
  }

  private static Stream<Path> sources(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList().stream()
          .filter(child -> !NOT_SOURCES.contains(child.getFileName().toString()))
          .flatMap(child -> Files.isDirectory(child) ? sources(child) : Stream.of(child));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
