// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.history.HistoryObserver;
import io.nodeqos.history.HistorySettings;
import io.nodeqos.history.HistorySources;
import io.nodeqos.history.HistoryStore;
import io.nodeqos.history.Transition;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.ClusterListener;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HistoryListenerTest {
  private static final Map<Class<?>, Object> ARGUMENTS =
      Map.of(
          String.class,
          "name",
          Optional.class,
          Optional.empty(),
          NodeView.class,
          NodeFixture.node("n").build(),
          PolicyObject.class,
          policy("p", "{}"));

  private final List<String> heard = new ArrayList<>();

  static List<Method> events() {
    return List.of(ClusterListener.class.getMethods());
  }

  @ParameterizedTest
  @MethodSource("events")
  void theWorkHearsOfEveryEventAsItWas(Method event) throws Exception {
    Object[] arguments =
        Arrays.stream(event.getParameterTypes()).map(ARGUMENTS::get).toArray(Object[]::new);
    try (HistoryStore history = history()) {
      event.invoke(new HistoryListener(work(), history), arguments);
    }
    assertEquals(List.of(event.getName() + Arrays.toString(arguments)), heard);
  }

  private ClusterListener work() {
    return (ClusterListener)
        Proxy.newProxyInstance(
            ClusterListener.class.getClassLoader(),
            new Class<?>[] {ClusterListener.class},
            (proxy, method, arguments) -> {
              heard.add(method.getName() + Arrays.toString(arguments));
              return null;
            });
  }

  private static HistoryStore history() {
    return HistoryStore.create(
        HistorySettings.DEFAULTS,
        new HistorySources(
            List::of, () -> new HistorySources.Term(1, ""), config -> List.of(), Keys.TRACEPARENT),
        new HistoryObserver() {
          @Override
          public void lost() {}

          @Override
          public void found(Transition transition) {}
        },
        Clock.systemUTC());
  }
}
