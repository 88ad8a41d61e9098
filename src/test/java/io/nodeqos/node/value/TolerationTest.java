// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TolerationTest {
  /** An empty column is an empty field. */
  @ParameterizedTest(name = "{0} {1} {2}:{3} tolerates {4}={5}:{6}: {7}")
  @CsvSource({
    "foo, Exists, '',  NoSchedule, foo, '',  NoSchedule, true",
    "foo, Exists, '',  NoSchedule, foo, bar, NoSchedule, true",
    "foo, Exists, '',  NoSchedule, foo, bar, NoExecute,  false",
    "foo, Exists, '',  '',         foo, bar, NoExecute,  true",
    "'',  Exists, '',  '',         foo, bar, NoExecute,  true",
    "fo,  Exists, '',  '',         foo, bar, NoExecute,  false",
    "foo, Equal,  bar, NoSchedule, foo, bar, NoSchedule, true",
    "foo, '',     bar, NoSchedule, foo, bar, NoSchedule, true",
    "foo, Equal,  bar, NoSchedule, foo, baz, NoSchedule, false",
    "foo, Equal,  bar, NoSchedule, foo, bar, NoExecute,  false",
    "'',  Equal,  '',  '',         foo, '',  NoSchedule, true",
    "'',  '',     '',  '',         foo, bar, NoSchedule, false",
    "foo, Gt,     750, NoSchedule, foo, 950, NoSchedule, true",
    "foo, Gt,     950, NoSchedule, foo, 800, NoSchedule, false",
    "foo, Gt,     950, NoSchedule, foo, 950, NoSchedule, false",
    "foo, Gt,     750, NoExecute,  foo, 950, NoSchedule, false",
    "bar, Gt,     750, NoSchedule, foo, 950, NoSchedule, false",
    "foo, Lt,     950, NoSchedule, foo, 800, NoSchedule, true",
    "foo, Lt,     800, NoSchedule, foo, 950, NoSchedule, false",
    "foo, Lt,     800, NoSchedule, foo, 800, NoSchedule, false",
    "foo, Gt,     -100, '',        foo, -50, NoSchedule, true",
    "foo, Gt,     -50, '',         foo, -100, NoSchedule, false",
    "foo, Lt,     0,   '',         foo, -1,  NoSchedule, true",
    "foo, Gt,     0,   '',         foo, 0,   NoSchedule, false",
    "foo, Gt,     9223372036854775806, '', foo, 9223372036854775807, NoSchedule, true",
    "foo, Lt,     0,   '',         foo, -9223372036854775808, NoSchedule, true",
    "foo, Gt,     0,   '',         foo, 9223372036854775808, NoSchedule, false",
    "foo, Gt,     950, '',         foo, high, NoSchedule, false",
    "foo, Gt,     abc, '',         foo, 100, NoSchedule, false",
    "foo, Gt,     '',  '',         foo, 100, NoSchedule, false",
    "foo, Gt,     0100, '',        foo, 200, NoSchedule, false",
    "foo, Gt,     +100, '',        foo, 200, NoSchedule, false",
    "foo, Gt,     100.5, '',       foo, 200, NoSchedule, false",
    "foo, Gt,     -,   '',         foo, 200, NoSchedule, false",
    "foo, Lt,     0,   '',         foo, -0,  NoSchedule, false",
    "foo, Gt,     100, '',         foo, '',  NoSchedule, false",
    "foo, Gt,     100, '',         foo, 0200, NoSchedule, false",
    "foo, Lt,     300, '',         foo, +200, NoSchedule, false",
    "foo, Lt,     300, '',         foo, ' 200 ', NoSchedule, false",
    "foo, Between, 1,  '',         foo, 1,   NoSchedule, false",
  })
  void tolerationFollowsTheRulesOfKubernetes(
      String key,
      String operator,
      String tolerated,
      String effect,
      String taintKey,
      String value,
      String taintEffect,
      boolean tolerates) {
    assertEquals(
        tolerates,
        new Toleration(key, operator, tolerated, effect)
            .tolerates(new Taint(taintKey, value, taintEffect, "{}")));
  }

  @ParameterizedTest
  @CsvSource({
    "foo, Between, '',         true",
    "'',  Between, NoSchedule, true",
    "bar, Between, '',         false",
    "foo, Between, NoExecute,  false",
    "foo, Gt,      '',         false",
    "foo, Equal,   '',         false",
  })
  void unknownOperatorMayTolerateATaintOfItsKey(
      String key, String operator, String effect, boolean mayTolerate) {
    assertEquals(
        mayTolerate,
        new Toleration(key, operator, "1", effect)
            .mayTolerate(new Taint("foo", "5", "NoSchedule", "{}")));
  }
}
