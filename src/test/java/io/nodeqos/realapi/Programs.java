// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.nio.file.Path;
import java.util.List;

/** Whether this machine has the programs of a control plane. */
sealed interface Programs {

  /** They are in this folder. */
  record Found(Path folder) implements Programs {}

  /** They are not, for this reason. */
  record Missing(String reason) implements Programs {}

  /** Only looks: to build them takes minutes and is for {@code hack/test} to do before. */
  static Programs find() {
    Command path = Command.run(List.of(script(), "path", "--no-build"), "");
    return path.code() == 0
        ? new Found(Path.of(path.out().strip()))
        : new Missing(path.lastError().replaceFirst("^hack/control-plane: ", ""));
  }

  /** The script, from the root of the repository, where builds run their tests. */
  static String script() {
    return Path.of("hack", "control-plane").toAbsolutePath().toString();
  }
}
