using Forewarn.Launcher.Commands;

namespace Forewarn.Launcher.Tests;

public sealed class PassThroughTests
{
    [Fact]
    public void A_program_of_many_verbs_is_told_which_one_is_meant()
    {
        var evaluate = PassThrough.Find("evaluate").ShouldNotBeNull();
        evaluate.Project.ShouldBe("Trainer");
        evaluate.ArgumentsFor(["data", "--baseline"]).ShouldBe(["evaluate", "data", "--baseline"]);
        PassThrough.Find("drill").ShouldNotBeNull().ArgumentsFor(["--help"]).ShouldBe(["drill", "--help"]);
        PassThrough.Find("bench").ShouldNotBeNull().ArgumentsFor(["loop"]).ShouldBe(["loop"]);
        PassThrough.Find("forecast").ShouldBeNull();
    }

    [Fact]
    public void A_published_folder_can_evaluate_too() =>
        PassThrough.Commands(published: true).Select(command => command.Name).ShouldBe(["simulate", "drill", "evaluate"]);
}
