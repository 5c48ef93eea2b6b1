package dev.tapedeck.protocol.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The methods a path has routes for: what {@code Allow} names when it is asked with another one (RFC 9110 §15.5.6). */
public final class AllowedMethods {
  private AllowedMethods() {}

  /** @param details what the HTTP server says of its refusal: lists of methods, as text with a comma between */
  public static Set<String> of(Map<String, String> details) {
    Set<String> methods = new TreeSet<>();
    details.values().forEach(listed -> methods.addAll(List.of(listed.split(", "))));
    if (methods.contains("GET")) {
      methods.add("HEAD"); // is answered wherever GET is (RFC 9110 §9.3.2)
    }
    return methods;
  }
}
