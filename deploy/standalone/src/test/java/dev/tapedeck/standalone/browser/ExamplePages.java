package dev.tapedeck.standalone.browser;

import java.nio.file.Path;

/** Pages that a test writes before a browser opens them. */
public final class ExamplePages {
  public static final Path FOLDER = Path.of("target", "browser", "examples");
  static final String PATH = "examples/";

  private ExamplePages() {}

  /** As {@link BrowserRoom#open} takes it. @param file in the folder */
  public static String page(String file) {
    return PATH + file;
  }
}
