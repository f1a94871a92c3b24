<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology">
  <renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">
    <rules key="{f1000000-0000-4000-8000-000000000000}">
      <rule key="{f1000000-0000-4000-8000-000000000001}" label="核查" symbol="0" filter="&quot;purpose&quot; = '核查'"/>
      <rule key="{f1000000-0000-4000-8000-000000000002}" label="整改前" symbol="1" filter="&quot;purpose&quot; = '整改前'"/>
      <rule key="{f1000000-0000-4000-8000-000000000003}" label="整改中" symbol="2" filter="&quot;purpose&quot; = '整改中'"/>
      <rule key="{f1000000-0000-4000-8000-000000000004}" label="整改后" symbol="3" filter="&quot;purpose&quot; = '整改后'"/>
      <rule key="{f1000000-0000-4000-8000-000000000005}" label="复耕验收" symbol="4" filter="&quot;purpose&quot; = '复耕验收'"/>
      <rule key="{f1000000-0000-4000-8000-000000000006}" label="证明材料" symbol="5" filter="&quot;purpose&quot; = '证明材料'"/>
    </rules>
    <symbols>
      <symbol type="fill" name="0" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map"><Option type="QString" name="color" value="21,101,192,60"/><Option type="QString" name="style" value="solid"/><Option type="QString" name="outline_color" value="21,101,192,255"/><Option type="QString" name="outline_style" value="solid"/><Option type="QString" name="outline_width" value="0.3"/><Option type="QString" name="outline_width_unit" value="MM"/><Option type="QString" name="joinstyle" value="round"/><Option type="QString" name="offset" value="0,0"/><Option type="QString" name="offset_unit" value="MM"/></Option></layer>
      </symbol>
      <symbol type="fill" name="1" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map"><Option type="QString" name="color" value="198,40,40,60"/><Option type="QString" name="style" value="solid"/><Option type="QString" name="outline_color" value="198,40,40,255"/><Option type="QString" name="outline_style" value="solid"/><Option type="QString" name="outline_width" value="0.3"/><Option type="QString" name="outline_width_unit" value="MM"/><Option type="QString" name="joinstyle" value="round"/><Option type="QString" name="offset" value="0,0"/><Option type="QString" name="offset_unit" value="MM"/></Option></layer>
      </symbol>
      <symbol type="fill" name="2" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map"><Option type="QString" name="color" value="249,168,37,60"/><Option type="QString" name="style" value="solid"/><Option type="QString" name="outline_color" value="249,168,37,255"/><Option type="QString" name="outline_style" value="solid"/><Option type="QString" name="outline_width" value="0.3"/><Option type="QString" name="outline_width_unit" value="MM"/><Option type="QString" name="joinstyle" value="round"/><Option type="QString" name="offset" value="0,0"/><Option type="QString" name="offset_unit" value="MM"/></Option></layer>
      </symbol>
      <symbol type="fill" name="3" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map"><Option type="QString" name="color" value="46,125,50,60"/><Option type="QString" name="style" value="solid"/><Option type="QString" name="outline_color" value="46,125,50,255"/><Option type="QString" name="outline_style" value="solid"/><Option type="QString" name="outline_width" value="0.3"/><Option type="QString" name="outline_width_unit" value="MM"/><Option type="QString" name="joinstyle" value="round"/><Option type="QString" name="offset" value="0,0"/><Option type="QString" name="offset_unit" value="MM"/></Option></layer>
      </symbol>
      <symbol type="fill" name="4" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map"><Option type="QString" name="color" value="0,121,107,60"/><Option type="QString" name="style" value="solid"/><Option type="QString" name="outline_color" value="0,121,107,255"/><Option type="QString" name="outline_style" value="solid"/><Option type="QString" name="outline_width" value="0.3"/><Option type="QString" name="outline_width_unit" value="MM"/><Option type="QString" name="joinstyle" value="round"/><Option type="QString" name="offset" value="0,0"/><Option type="QString" name="offset_unit" value="MM"/></Option></layer>
      </symbol>
      <symbol type="fill" name="5" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map"><Option type="QString" name="color" value="106,27,154,60"/><Option type="QString" name="style" value="solid"/><Option type="QString" name="outline_color" value="106,27,154,255"/><Option type="QString" name="outline_style" value="solid"/><Option type="QString" name="outline_width" value="0.3"/><Option type="QString" name="outline_width_unit" value="MM"/><Option type="QString" name="joinstyle" value="round"/><Option type="QString" name="offset" value="0,0"/><Option type="QString" name="offset_unit" value="MM"/></Option></layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <blendMode>0</blendMode>
  <featureBlendMode>0</featureBlendMode>
  <layerGeometryType>2</layerGeometryType>
</qgis>
