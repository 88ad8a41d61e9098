// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppTest {
  private final List<String> done = new ArrayList<>();
  private final RunState state = new RunState();

  @Test
  void componentsStartFromTopToBottomAndStopFromBottomToTop() throws Exception {
    App app = new App(List.of(component("a"), component("b"), step("c", state::askStop)), state);
    assertTrue(app.run());
    assertEquals(List.of("start a", "start b", "start c", "stop c", "stop b", "stop a"), done);
  }

  @Test
  void processThatIsAskedToStopStartsNothingMore() throws Exception {
    App app = new App(List.of(component("a"), step("b", state::askStop), component("c")), state);
    assertTrue(app.run());
    assertEquals(List.of("start a", "start b", "stop b", "stop a"), done);
  }

  @Test
  void startThatFailsStopsTheComponentsBeforeIt() {
    Component broken =
        Component.of(
            "broken",
            () -> {
              throw new IOException("for the test");
            },
            () -> done.add("stop broken"));
    App app = new App(List.of(component("a"), broken, component("c")), state);
    assertThrows(IOException.class, app::run);
    assertEquals(List.of("start a", "stop a"), done);
    assertFalse(state.isRunning());
  }

  @Test
  void processThatEndsOverdueWaitsForNoStop() throws Exception {
    App app = new App(List.of(component("a"), step("b", state::endOverdue)), state);
    assertFalse(app.run());
    assertEquals(List.of("start a", "start b"), done);
  }

  @Test
  void processRunsFromTheEndOfTheStartUntilAStopIsAskedFor() throws Exception {
    List<Boolean> running = new ArrayList<>();
    Component last = Component.of("last", state::started, () -> running.add(state.isRunning()));
    Component first = Component.of("first", () -> running.add(state.isRunning()), () -> {});
    App app = new App(List.of(first, last), state);
    Thread stopper =
        new Thread(
            () -> {
              while (!state.isRunning()) {
                Thread.onSpinWait();
              }
              app.stop();
            });
    stopper.start();
    assertTrue(app.run());
    stopper.join();
    assertEquals(List.of(false, false), running);
  }

  private Component component(String name) {
    return step(name, () -> {});
  }

  private Component step(String name, Runnable also) {
    return Component.of(
        name,
        () -> {
          done.add("start " + name);
          also.run();
        },
        () -> done.add("stop " + name));
  }
}
