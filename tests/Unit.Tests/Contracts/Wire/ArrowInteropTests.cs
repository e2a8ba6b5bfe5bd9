using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;

namespace Fleet.Unit.Tests.Contracts.Wire;

/// <summary>The wire is Arrow: another reader reads what is written here, and another writer's batch is read here.</summary>
public sealed class ArrowInteropTests
{
    [Fact]
    public void An_arrow_library_reads_the_batch()
    {
        var batch = DataProto.Empty
            .With("scores", Tensor.Of([0.5, 1]))
            .With("grid", Tensor.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 2, 3))
            .With("zeros", Tensor.Zeros(DType.Float16, 2, 7))
            .With("responses", TokenColumn.Of([[5, 6], [7]], 4, PadSide.Right, 151_643))
            .With("id", ValueColumn.OfText(["x", null]))
            .With("detail", ValueColumn.OfJsonText(["{\"a\":1}", "[]"]))
            .WithMeta(MetaInfo.Empty.With("global_step", 3));

        using var reader = new ArrowStreamReader(BatchWriter.Write(batch));
        using var record = reader.ReadNextRecordBatch();

        Assert.Equal("1", reader.Schema.Metadata["fleet.version"]);
        Assert.Equal("{\"global_step\":3}", reader.Schema.Metadata["fleet.meta"]);
        Assert.Equal([0.5, 1], ((DoubleArray)record.Column("scores")).Values.ToArray());
        var grid = reader.Schema.GetFieldByName("grid");
        Assert.Equal("arrow.fixed_shape_tensor", grid.Metadata["ARROW:extension:name"]);
        Assert.Equal("{\"shape\":[2,3]}", grid.Metadata["ARROW:extension:metadata"]);
        Assert.Equal(6, ((FixedSizeListType)grid.DataType).ListSize);
        Assert.Equal(ArrowTypeId.Null, reader.Schema.GetFieldByName("zeros").DataType.TypeId);
        Assert.Equal("[7]", reader.Schema.GetFieldByName("zeros").Metadata["fleet.shape"]);
        var responses = (ListArray)record.Column("responses");
        Assert.Equal([5, 6], ((Int32Array)responses.GetSlicedValues(0)).Values.ToArray());
        Assert.Equal(("4", "right", "151643"), (Attribute("fleet.width"), Attribute("fleet.pad_side"), Attribute("fleet.pad_id")));
        Assert.Null(((StringArray)record.Column("id")).GetString(1));
        Assert.Equal("json", reader.Schema.GetFieldByName("detail").Metadata["fleet.kind"]);
        Assert.Null(reader.ReadNextRecordBatch());

        string Attribute(string name) => reader.Schema.GetFieldByName("responses").Metadata[name];
    }

    [Fact]
    public void A_batch_of_another_writer_is_read()
    {
        var texts = new StringArray.Builder().Append("é").AppendNull().Build();
        var ids = new ListArray.Builder(Int32Type.Default);
        ((Int32Array.Builder)ids.Append().ValueBuilder).Append(4).Append(5);
        ids.Append();
        var schema = new Schema.Builder()
            .Field(new Field("response_text", StringType.Default, true, [new("fleet.kind", "text"), new("their.own", "x")]))
            .Field(new Field("responses", new ListType(Int32Type.Default), true,
                [new("fleet.kind", "tokens"), new("fleet.width", "2"), new("fleet.pad_side", "left"), new("fleet.pad_id", "0")]))
            .Metadata("fleet.version", "1").Metadata("pandas", "{}")
            .Build();
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(new RecordBatch(schema, [texts, ids.Build()], 2));
        }

        var batch = BatchReader.Read(stream.ToArray());

        Assert.Equal(("é", null), (batch.NonTensorBatch["response_text"].Text(0), batch.NonTensorBatch["response_text"].Text(1)));
        Assert.True(batch["responses"].ContentEquals(TokenColumn.Of([[4, 5], []], 2, PadSide.Left, 0)));
        Assert.Empty(batch.MetaInfo);
    }
}
