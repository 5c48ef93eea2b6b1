package dev.tapedeck.standalone.browser;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test its {@link BrowserRoom} or the {@link BrowserLab}. The lab is made once per run. A test with a room fails
 * when a browser in it logged an error.
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
    if (parameter.getParameter().getType() == BrowserLab.class) {
      return lab;
    }
    return test.getStore(NAMESPACE).computeIfAbsent(BrowserRoom.class, type -> lab.newRoom(), BrowserRoom.class);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    BrowserRoom room = test.getStore(NAMESPACE).get(BrowserRoom.class, BrowserRoom.class);
    if (room != null && test.getExecutionException().isEmpty()) {
      room.assertNoConsoleErrors();
    }
  }
}
