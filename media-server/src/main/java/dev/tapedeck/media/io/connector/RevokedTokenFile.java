package dev.tapedeck.media.io.connector;

import dev.tapedeck.protocol.token.TokenFingerprint;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Revoked tokens on disk, a line each, for a media server that starts while its connector is away. */
final class RevokedTokenFile {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,18})");

  private final Path path;

  RevokedTokenFile(Path path) {
    this.path = path;
  }

  /** Those that are there; a line that is none is passed over. */
  List<TokenFingerprint> read() throws IOException {
    List<TokenFingerprint> tokens = new ArrayList<>();
    if (Files.exists(path)) {
      for (String line : Files.readAllLines(path)) {
        Matcher token = LINE.matcher(line);
        if (token.matches()) {
          tokens.add(new TokenFingerprint(token.group(1), Long.parseLong(token.group(2))));
        }
      }
    }
    return tokens;
  }

  /** Puts these in the place of those that are there, in one step. */
  void write(Collection<TokenFingerprint> tokens) throws IOException {
    Path next = path.resolveSibling(path.getFileName() + ".next");
    Files.createDirectories(path.toAbsolutePath().getParent());
    Files.write(next, tokens.stream().map(token -> token.hash() + " " + token.expiresAtMillis()).toList());
    try {
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
