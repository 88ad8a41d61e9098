// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.ClusterListener;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterListenersTest {
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
  void eachListenerGetsEachEventUnchangedInOrder(Method event) throws Exception {
    Object[] arguments =
        Arrays.stream(event.getParameterTypes()).map(ARGUMENTS::get).toArray(Object[]::new);
    event.invoke(new ClusterListeners(List.of(listener("a"), listener("b"))), arguments);
    String call = event.getName() + Arrays.toString(arguments);
    assertEquals(List.of("a " + call, "b " + call), heard);
  }

  private ClusterListener listener(String name) {
    return (ClusterListener)
        Proxy.newProxyInstance(
            ClusterListener.class.getClassLoader(),
            new Class<?>[] {ClusterListener.class},
            (proxy, method, arguments) -> {
              heard.add(name + " " + method.getName() + Arrays.toString(arguments));
              return null;
            });
  }
}
