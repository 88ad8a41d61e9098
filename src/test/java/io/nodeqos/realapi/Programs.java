// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether this machine has the programs that a script in {@code hack/} downloads and runs. */
public sealed interface Programs {

  /** It is there: one program, or the folder of several. */
  record Found(Path path) implements Programs {}

  /** It is not, for this reason. */
  record Missing(String reason) implements Programs {}

  /**
   * Only looks: to get them may take minutes and is for {@code hack/test} to do before.
   *
   * @param script its name
   * @param onlyLook the option of {@code path} that says so, and others after spaces
   */
  static Programs find(String script, String onlyLook) {
    List<String> line = new ArrayList<>(List.of(script(script), "path"));
    line.addAll(List.of(onlyLook.split(" ")));
    Command path = Command.run(line, "");
    return path.code() == 0
        ? new Found(Path.of(path.out().strip()))
        : new Missing(path.lastError().replaceFirst("^hack/" + script + ": ", ""));
  }

  /** The script's path, from the root of the repository, where builds run their tests. */
  public static String script(String name) {
    return Path.of("hack", name).toAbsolutePath().toString();
  }
}
