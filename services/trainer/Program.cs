using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Trainer;

var builder = ServiceHost.Create(args, Apps.Trainer);
builder.AddTrainer();
var app = builder.Build();
app.MapServiceDefaults();
app.MapModels().MapTraining();
await app.RunAsync();
