using Forewarn.Testing.MockKafka;

// Prints where its broker listens, obeys one command per line, and ends with its standard input.
using var cluster = new MockCluster();
Console.WriteLine(cluster.BootstrapServers);
while (await Console.In.ReadLineAsync() is { } line)
{
    Console.WriteLine(Obey(line.Split(' ')));
}

string Obey(string[] command)
{
    switch (command)
    {
        case ["down"]:
            cluster.SetDown();
            return "ok";
        case ["up"]:
            cluster.SetUp();
            return "ok";
        case ["topic", var name, var partitions] when int.TryParse(partitions, out var count):
            cluster.CreateTopic(name, count);
            return "ok";
        case ["advertise", var text] when int.TryParse(text, out var port):
            cluster.Advertise(port);
            return "ok";
        default:
            return "unknown command: down, up, topic <name> <partitions>, advertise <port>";
    }
}
