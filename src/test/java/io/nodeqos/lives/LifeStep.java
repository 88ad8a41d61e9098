// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import java.time.Duration;

/**
 * One thing that happens in a life. A step that finds nothing to act on does nothing, so that a
 * life without some of its steps is a life, too.
 *
 * @param policy the name of a policy, empty for other acts
 * @param node a number that is reduced to one of the present nodes
 * @param value of the act: a spec, a label, a setting
 * @param pause after it
 */
record LifeStep(Act act, String policy, int node, String value, Duration pause) {
  /** The kinds of steps. */
  enum Act {
    /** A policy gets a spec; it is created if it is not there. */
    APPLY,
    /** A policy gets a value that only the controller knows to be invalid. */
    BREAK,
    /** A policy gets the spec that it had before. */
    BACK,
    DELETE,
    /** A policy is deleted and created again at once. */
    REPLACE,
    LABEL,
    /** A node joins, with the startup taint or without. */
    JOIN,
    LEAVE,
    REBOOT,
    /** An agent stops being Ready. */
    FAIL_POD,
    DELETE_POD,
    /** Another DaemonSet runs on the nodes, or not any more. */
    AGENT,
    NO_AGENT,
    /** A namespace with pods becomes reserved, or is not any more. */
    NAMESPACE,
    /** A new leader that remembers nothing. */
    FAIL_OVER,
    /** All replicas start again, with other settings. */
    SETTINGS,
    /** Another writer changes what the controller has written. */
    FOREIGN,
    /** The agents of all nodes acknowledge their configuration. */
    ACKNOWLEDGE,
    /** A person allows what waits for one: brake, pause, another try. */
    ALLOW
  }
}
