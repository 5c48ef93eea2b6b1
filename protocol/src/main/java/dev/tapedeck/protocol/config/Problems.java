package dev.tapedeck.protocol.config;

import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words what an exception of the system means; some have only a path for a message, or none at all. */
public final class Problems {
  private Problems() {}

  /**
   * Why a port cannot be had, and what to do.
   *
   * @param key key of the port, such as {@code http.port}
   */
  public static String ofPort(String key, int port, Throwable problem) {
    Throwable cause = problem;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return key + " is " + port + ", which cannot be listened on: " + cause.getMessage() + "; give another with --" + key
        + "=PORT, 0 for any that is free";
  }

  /** One line, without a stop at its end. */
  public static String say(Throwable problem) {
    return switch (problem) {
      case AccessDeniedException e -> "no permission for " + e.getFile();
      case NoSuchFileException e -> e.getFile() + " is not there";
      case FileAlreadyExistsException e -> e.getFile() + " is a file, not a folder";
      case FileSystemException e -> e.getFile() + ": " + (e.getReason() == null ? "cannot be used" : e.getReason());
      case ConnectException e -> "nobody answers" + (e.getMessage() == null ? "" : ": " + e.getMessage());
      default -> problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
    };
  }
}
