package dev.tapedeck.standalone.browser;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test its {@link BrowserRoom} or the {@link BrowserLab}. The lab is made once per run. A test also fails when
 * a browser of its room or the server logged an error.
 */
public final class BrowserExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(BrowserExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    Class<?> type = parameter.getParameter().getType();
    return type == BrowserRoom.class || type == BrowserLab.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    BrowserLab lab = test.getRoot().getStore(NAMESPACE)
        .computeIfAbsent(BrowserLab.class, type -> new BrowserLab(), BrowserLab.class);
    return parameter.getParameter().getType() == BrowserLab.class
        ? lab
        : test.getStore(NAMESPACE).computeIfAbsent(BrowserRoom.class, type -> lab.newRoom(), BrowserRoom.class);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    if (test.getExecutionException().isPresent()) {
      return; // its own failure says more than what followed from it
    }
    Optional.ofNullable(test.getStore(NAMESPACE).get(BrowserRoom.class, BrowserRoom.class))
        .ifPresent(BrowserRoom::assertNoConsoleErrors);
    Optional.ofNullable(test.getRoot().getStore(NAMESPACE).get(BrowserLab.class, BrowserLab.class))
        .ifPresent(BrowserLab::assertNoServerErrors);
  }
}
