// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import io.nodeqos.cli.NodeQosCommand;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CliReferenceTest {
  @Test
  void pageDescribesTheCommands() throws IOException {
    new GeneratedPage("cli-reference.md")
        .assertHolds(new CliReference().markdown(NodeQosCommand.commandLine()));
  }
}
