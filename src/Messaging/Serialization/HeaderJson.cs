using System.Text.Json.Serialization;
using Fleet.Contracts.Messages;

namespace Fleet.Messaging.Serialization;

/// <summary>The heads of commands and replies as JSON: snake_case, enums by name, nothing that is null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CommandHeader))]
[JsonSerializable(typeof(ReplyHeader))]
internal sealed partial class HeaderJson : JsonSerializerContext;
