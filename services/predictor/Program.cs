using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Predictor;

var builder = ServiceHost.Create(args, Apps.Predictor);
builder.AddPredictor();
var app = builder.Build();
app.MapServiceDefaults();
app.MapFeatureSubscription();
app.MapModelSubscription();
app.MapControlSubscription();
await app.RunAsync();
